package dev.exeat.policy.mixer;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The templates that were compiled into Mixer. */
enum Template {
    LISTENTRY(Variety.CHECK),
    CHECKNOTHING(Variety.CHECK),
    /** Checks of HTTP requests, which a gateway for TLS never sees. */
    AUTHORIZATION(Variety.CHECK),
    APIKEY(Variety.CHECK),
    LOGENTRY(Variety.REPORT),
    METRIC(Variety.REPORT),
    REPORTNOTHING(Variety.REPORT),
    TRACESPAN(Variety.REPORT),
    EDGE(Variety.REPORT),
    /** Never asked for connections. */
    QUOTA(Variety.QUOTA),
    KUBERNETES(Variety.ATTRIBUTES);

    /** When instances of a template are made. */
    enum Variety {
        CHECK,
        REPORT,
        QUOTA,
        ATTRIBUTES
    }

    private static final Map<String, Template> BY_NAME = new TreeMap<>();

    static {
        for (Template template : values()) {
            BY_NAME.put(template.code(), template);
        }
    }

    private final Variety variety;

    Template(Variety variety) {
        this.variety = variety;
    }

    Variety variety() {
        return variety;
    }

    /** As configurations name it, which is the legacy kind too. */
    String code() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }

    static @Nullable Template named(String name) {
        return BY_NAME.get(name);
    }

    static java.util.Set<String> names() {
        return BY_NAME.keySet();
    }
}
