package dev.exeat.policy.lint;

import dev.exeat.model.Cidr;
import dev.exeat.model.HostPattern;
import dev.exeat.model.IpAddress;
import dev.exeat.policy.egress.EgressPolicy.Destination;
import dev.exeat.policy.lint.LintSubject.Egress;
import dev.exeat.policy.manifest.Fields;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An exception from the address guard for more addresses than a service has. */
final class WideException implements LintCheck {
    /** 65,536 addresses. */
    private static final int WIDEST_V4 = 16;
    /** The network of one site. */
    private static final int WIDEST_V6 = 48;
    /** For a wildcard, whose names may come and go: 256 addresses. */
    private static final int WIDEST_V4_OF_WILDCARD = 24;

    private static final int WIDEST_V6_OF_WILDCARD = 64;

    private static final List<IpAddress> FORBIDDING = List.of(
            IpAddress.parse("169.254.169.254"),
            IpAddress.parse("127.0.0.1"),
            IpAddress.parse("::1"),
            IpAddress.parse("fd00:ec2::254"));

    @Override
    public String code() {
        return "wide-exception";
    }

    @Override
    public void check(LintSubject subject, Consumer<Finding> findings) {
        for (Egress egress : subject.egress()) {
            List<Fields> destinations = SpecView.mappings(egress.view().spec(), "destinations");
            for (int i = 0; i < destinations.size(); i++) {
                Destination destination = egress.policy().destinations().get(i);
                for (int j = 0; j < destination.exceptions().size(); j++) {
                    Cidr block = destination.exceptions().get(j);
                    String why = why(block, subject, egress, destination);
                    if (why != null) {
                        findings.accept(Finding.at(
                                egress.policy().key(),
                                SpecView.item(destinations.get(i), "cidrs", j),
                                block + " is a wide exception: " + why,
                                "name the network of the service"));
                    }
                }
            }
        }
    }

    private static @Nullable String why(Cidr block, LintSubject subject, Egress egress, Destination destination) {
        for (IpAddress address : FORBIDDING) {
            if (block.contains(address)) {
                return "it holds " + address + ", where services of the gateway's own machine or cloud answer";
            }
        }
        boolean wildcard = destination.hosts().stream().anyMatch(HostPattern::wildcard)
                || subject.sets(egress.policy()).stream()
                        .anyMatch(set -> set.hosts().stream().anyMatch(HostPattern::wildcard));
        boolean v4 = block.address().isV4();
        if (block.prefix() < (v4 ? WIDEST_V4 : WIDEST_V6)) {
            return "whoever answers for these names in DNS chooses among all its addresses";
        }
        return wildcard && block.prefix() < (v4 ? WIDEST_V4_OF_WILDCARD : WIDEST_V6_OF_WILDCARD)
                ? "every name below a wildcard may lead into it"
                : null;
    }
}
