package dev.exeat.it.faults;

import dev.exeat.it.faults.Route.Role;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/**
 * Holds what the gateways recorded against what the clients saw and what the policy says. Looks only while no visit is
 * open.
 */
final class Records {
    private static final String CARRIED_TO = "127.0.10.";
    private static final Set<String> BY_POLICY = Set.of("host_unknown", "policy_denied", "policy_error");
    private static final List<Role> RECORDERS = List.of(Role.UP, Role.GATEWAY);

    private final PolicyModel model;
    private final Map<Role, RecordFile> files = new EnumMap<>(Role.class);
    private final Map<Role, Long> gaps = new EnumMap<>(Role.class);
    private final List<String> details = new ArrayList<>();

    /**
     * What is known of the time since the last look.
     *
     * @param visits that ended
     * @param excused visits that need no record, because their gateway was killed
     * @param unwritten how many connections of a killed gateway may have no record
     * @param dropped how many records each gateway says that it dropped
     */
    record Since(List<Visit> visits, Predicate<Visit> excused, Map<Role, Long> unwritten, Map<Role, Long> dropped) {}

    /** How many records are lost, and how many verdicts are wrong. */
    record Found(long lost, long wrong, List<String> details) {}

    Records(Stand stand, PolicyModel model) {
        this.model = model;
        for (Role role : RECORDERS) {
            files.put(role, new RecordFile(stand.records(role)));
            gaps.put(role, 0L);
        }
    }

    Found look(Since since) throws IOException {
        details.clear();
        long lost = 0;
        long wrong = 0;
        for (Role role : RECORDERS) {
            List<JsonNode> records = files.get(role).take();
            lost += lost(role, records, since);
            for (JsonNode record : records) {
                if (!isRight(record)) {
                    wrong++;
                    tell("wrong verdict: " + record);
                }
            }
        }
        return new Found(lost, wrong, List.copyOf(details));
    }

    private long lost(Role role, List<JsonNode> records, Since since) {
        RecordFile file = files.get(role);
        long newGaps = file.gaps() - gaps.put(role, file.gaps());
        long newRepeated = file.takeRepeated();
        long dropped = since.dropped().getOrDefault(role, 0L);
        long unwritten = since.unwritten().getOrDefault(role, 0L);
        // What was dropped is counted exactly; of a killed process nobody knows how many of its connections were open.
        long unexplained =
                Math.max(0, newGaps - dropped - unwritten) + Math.max(0, unwritten > 0 ? 0 : dropped - newGaps);
        if (unexplained + newRepeated > 0) {
            tell(role + ": " + newGaps + " records missing by number, " + dropped + " counted as dropped, " + unwritten
                    + " may be unwritten, " + newRepeated + " repeated");
        }
        return unexplained + newRepeated + withoutRecord(role, records, since, dropped);
    }

    private long withoutRecord(Role role, List<JsonNode> records, Since since, long dropped) {
        Map<String, Integer> count = new HashMap<>();
        for (JsonNode record : records) {
            for (JsonNode protocol : record.path("hello").path("alpn")) {
                count.merge(protocol.asString(), 1, Integer::sum);
            }
        }
        long missing = 0;
        long twice = 0;
        for (Visit visit : since.visits()) {
            int found = count.getOrDefault(Client.protocol(visit.id()), 0);
            if (visit.route().recorder() == role && found > 1) {
                twice++;
                tell("more than one record of " + visit);
            } else if (visit.route().recorder() == role
                    && found == 0
                    && mustHaveRecord(visit)
                    && !since.excused().test(visit)) {
                missing++;
                if (missing > dropped) {
                    tell("no record of " + visit);
                }
            }
        }
        return twice + Math.max(0, missing - dropped);
    }

    /** The ClientHello certainly arrived; before that, the record has nothing to be known by. */
    private static boolean mustHaveRecord(Visit visit) {
        return switch (visit.ending()) {
            case DELIVERED, TRUNCATED, CORRUPT -> true;
            case REFUSED -> visit.route() == Route.PLAIN;
            case FAILED, SILENT -> visit.firstOctet() >= 0;
        };
    }

    private boolean isRight(JsonNode record) {
        String host = record.path("sni").asString("");
        String verdict = record.path("verdict").asString("");
        if (verdict.equals("allowed")
                && !record.path("dialled_address").asString(CARRIED_TO).startsWith(CARRIED_TO)) {
            return false;
        }
        int index = PolicyModel.index(host);
        if (index < 0) {
            return !BY_POLICY.contains(record.path("reason").asString("")) || !host.endsWith(".load.test");
        }
        PolicyModel.Version version = model.version(record.path("policy_digest").asString(""));
        return version == null ? !record.has("policy_digest") : verdict.equals("denied") != version.allows(index);
    }

    private void tell(String detail) {
        if (details.size() < 10) {
            details.add(detail);
        }
    }
}
