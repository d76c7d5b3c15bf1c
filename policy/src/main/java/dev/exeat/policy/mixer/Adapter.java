package dev.exeat.policy.mixer;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The adapters that were compiled into Mixer. */
enum Adapter {
    LISTCHECKER(Use.CHECKS),
    DENIER(Use.CHECKS),
    STDIO(Use.REPORTS),
    /** Lets every check pass and reports nowhere. */
    NOOP(Use.NOTHING),
    /** Would decide by means that are not here, so that a check by one of these is denied. */
    OPA(Use.UNABLE),
    RBAC(Use.UNABLE),
    BYPASS(Use.UNABLE),
    CIRCONUS(Use.NOTHING),
    CLOUDWATCH(Use.NOTHING),
    DOGSTATSD(Use.NOTHING),
    FLUENTD(Use.NOTHING),
    KUBERNETESENV(Use.NOTHING),
    MEMQUOTA(Use.NOTHING),
    PROMETHEUS(Use.NOTHING),
    REDISQUOTA(Use.NOTHING),
    SIGNALFX(Use.NOTHING),
    SOLARWINDS(Use.NOTHING),
    STACKDRIVER(Use.NOTHING),
    STATSD(Use.NOTHING),
    ZIPKIN(Use.NOTHING);

    /** What an adapter is good for here. */
    enum Use {
        CHECKS,
        REPORTS,
        /** Known, accepted, and without effect. */
        NOTHING,
        /** Known, accepted, and denying, since its checks cannot be made. */
        UNABLE
    }

    private static final Map<String, Adapter> BY_NAME = new TreeMap<>();

    static {
        for (Adapter adapter : values()) {
            BY_NAME.put(adapter.code(), adapter);
        }
    }

    private final Use use;

    Adapter(Use use) {
        this.use = use;
    }

    Use use() {
        return use;
    }

    /** As configurations name it, which is the legacy kind too. */
    String code() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }

    static @Nullable Adapter named(String name) {
        return BY_NAME.get(name);
    }

    static java.util.Set<String> names() {
        return BY_NAME.keySet();
    }
}
