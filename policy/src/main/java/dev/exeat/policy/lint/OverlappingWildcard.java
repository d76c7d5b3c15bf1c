package dev.exeat.policy.lint;

import dev.exeat.model.HostPattern;
import dev.exeat.model.ObjectKey;
import dev.exeat.policy.lint.HostUse.Role;
import dev.exeat.policy.lint.hosts.HostNames;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A host in a list that holds a wildcard for it, or the same host, too. */
final class OverlappingWildcard implements LintCheck {
    /** One list of one object. */
    private record HostList(ObjectKey object, String path) {}

    @Override
    public String code() {
        return "overlapping-wildcard";
    }

    @Override
    public void check(LintSubject subject, Consumer<Finding> findings) {
        Map<HostList, Map<HostPattern, HostUse>> lists = new HashMap<>();
        List<HostUse> uses =
                subject.uses().stream().filter(OverlappingWildcard::isListed).toList();
        for (HostUse use : uses) {
            lists.computeIfAbsent(new HostList(use.object(), use.list()), _ -> new HashMap<>())
                    .putIfAbsent(use.pattern(), use);
        }
        for (HostUse use : uses) {
            HostUse wider = wider(use, lists.getOrDefault(new HostList(use.object(), use.list()), Map.of()));
            if (wider != null) {
                findings.accept(Finding.at(
                        use,
                        use.pattern() + " adds nothing: "
                                + (wider.pattern().equals(use.pattern())
                                        ? "it stands in the list twice"
                                        : wider.pattern() + " in the same list covers it"),
                        "remove it, or the wider one"));
            }
        }
    }

    private static boolean isListed(HostUse use) {
        return use.role() != Role.LIST_ALLOW && use.role() != Role.LIST_DENY && use.role() != Role.MENTION;
    }

    private static @Nullable HostUse wider(HostUse use, Map<HostPattern, HostUse> list) {
        for (HostPattern covering : HostNames.covering(use.pattern())) {
            HostUse other = list.get(covering);
            if (other != null && !other.equals(use)) {
                return other;
            }
        }
        return null;
    }
}
