package dev.exeat.policy.lint;

import dev.exeat.model.HostPattern;
import dev.exeat.policy.egress.EgressPolicy.Action;
import dev.exeat.policy.lint.HostUse.Role;
import dev.exeat.policy.lint.LintSubject.Egress;
import dev.exeat.policy.manifest.Field;
import dev.exeat.policy.manifest.Fields;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** A host that is allowed and yet cannot be reached: nothing makes it known, or no listener takes it. */
final class UnreachableHost implements LintCheck {

    @Override
    public String code() {
        return "unreachable-host";
    }

    @Override
    public void check(LintSubject subject, Consumer<Finding> findings) {
        if (!subject.complete()) {
            return;
        }
        KnownHosts known = new KnownHosts(subject);
        for (HostUse use : subject.uses()) {
            boolean set = use.role() == Role.HOST_SET && subject.allowing().contains(use.object());
            if (set || use.role() == Role.AUTHORIZATION_ALLOW) {
                String why = known.unreachable(use.pattern(), Set.of());
                if (why != null) {
                    findings.accept(Finding.at(use, allows(use.pattern(), why), CURE));
                }
            }
        }
        subject.egress().stream()
                .filter(egress -> egress.policy().action() == Action.ALLOW)
                .forEach(egress -> check(egress, known, findings));
    }

    private static final String CURE = "make it known by a ServiceEntry and a Gateway, or remove it";

    private static void check(Egress egress, KnownHosts known, Consumer<Finding> findings) {
        List<Fields> destinations = SpecView.mappings(egress.view().spec(), "destinations");
        for (int i = 0; i < destinations.size(); i++) {
            List<HostPattern> hosts = egress.policy().destinations().get(i).hosts();
            Set<Integer> ports = egress.policy().destinations().get(i).ports();
            for (int j = 0; j < hosts.size(); j++) {
                String why = known.unreachable(hosts.get(j), ports);
                if (why != null) {
                    Field place = SpecView.item(destinations.get(i), "hosts", j);
                    findings.accept(Finding.at(egress.policy().key(), place, allows(hosts.get(j), why), CURE));
                }
            }
        }
    }

    private static String allows(HostPattern host, String why) {
        return "allowing " + host + " has no effect: " + why;
    }
}
