package dev.exeat.policy.egress;

import dev.exeat.model.ObjectKey;
import dev.exeat.policy.egress.EgressPolicy.About;
import dev.exeat.policy.egress.EgressPolicy.Action;
import dev.exeat.policy.egress.EgressPolicy.Destination;
import dev.exeat.policy.egress.EgressPolicy.Mode;
import dev.exeat.policy.egress.EgressPolicy.Source;
import dev.exeat.policy.egress.EgressPolicy.Tier;
import dev.exeat.policy.manifest.Field;
import dev.exeat.policy.manifest.Fields;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads EgressPolicy objects. What is wrong is reported; the object is then refused as a whole. */
public final class EgressReader {
    private static final Map<String, Integer> TIERS = Map.of("platform", 0, "team", 1);
    private static final Map<String, Integer> ACTIONS = Map.of("Allow", 0, "Deny", 1);
    private static final Map<String, Integer> MODES = Map.of("Enforce", 0, "Audit", 1);

    private final ObjectKey key;
    private final Fields spec;
    private final boolean inRoot;

    private EgressReader(ObjectKey key, Fields spec, String rootNamespace) {
        this.key = key;
        this.spec = spec;
        this.inRoot = key.namespace().equals(rootNamespace);
    }

    public static EgressPolicy read(ObjectKey key, Fields spec, String rootNamespace) {
        return new EgressReader(key, spec, rootNamespace).read();
    }

    private EgressPolicy read() {
        Tier tier = Tier.valueOf(spec.enumerated("tier", TIERS, "team").toUpperCase(Locale.ROOT));
        Action action =
                Action.valueOf(spec.enumerated("action", ACTIONS, "Allow").toUpperCase(Locale.ROOT));
        Mode mode = Mode.valueOf(spec.enumerated("mode", MODES, "Enforce").toUpperCase(Locale.ROOT));
        checkTier(tier);
        Instant until = until(action, mode);
        About about = About.of(about("owner"), about("reason"), about("ticket"));
        List<Source> sources = sources();
        List<Destination> destinations = destinations(action);
        Conditions conditions = ConditionsReader.read(spec);
        spec.done();
        return new EgressPolicy(key, tier, action, mode, until, about, sources, destinations, conditions);
    }

    private void checkTier(Tier tier) {
        if (tier == Tier.PLATFORM && !inRoot) {
            error(
                    "out-of-reach",
                    "tier",
                    "policies of the platform tier stand in the root namespace, not in " + key.namespace(),
                    "move it there, or use tier: team");
        }
    }

    private String about(String name) {
        String text = spec.text(name);
        return text == null ? "" : text;
    }

    /** A day counts to its end, in UTC. */
    private @Nullable Instant until(Action action, Mode mode) {
        String text = spec.text("until");
        if (text == null) {
            return null;
        }
        if (action == Action.DENY && mode == Mode.ENFORCE) {
            error(
                    "invalid-value",
                    "until",
                    "a denial in force does not end by itself, since nothing shall open unseen",
                    "remove until, and the policy when its time has come");
        }
        try {
            return text.indexOf('T') < 0
                    ? LocalDate.parse(text)
                            .plusDays(1)
                            .atStartOfDay(ZoneOffset.UTC)
                            .toInstant()
                    : Instant.parse(text);
        } catch (DateTimeException e) {
            error("invalid-value", "until", "\"" + text + "\" is no date", "use 2027-01-31 or 2027-01-31T18:00:00Z");
            return null;
        }
    }

    private List<Source> sources() {
        List<Source> sources = new ArrayList<>();
        for (Field item : spec.items("sources")) {
            Fields source = spec.mapping(item);
            if (source != null) {
                sources.add(new SourceReader(source, key.namespace(), inRoot).read());
            }
        }
        return sources;
    }

    private List<Destination> destinations(Action action) {
        List<Destination> destinations = new ArrayList<>();
        for (Field item : spec.items("destinations")) {
            Fields destination = spec.mapping(item);
            if (destination != null) {
                destinations.add(new DestinationReader(destination, action, inRoot).read());
            }
        }
        if (destinations.isEmpty() && !spec.findings().hasErrors()) {
            error(
                    "missing-field",
                    "destinations",
                    "an EgressPolicy needs at least one destination",
                    "add destinations: [{hosts: [example.com]}]; hosts: [\"*\"] stands for every host");
        }
        return destinations;
    }

    private void error(String code, String name, String message, String cure) {
        spec.findings().error(code, spec.place(name), spec.path(name), message, cure);
    }
}
