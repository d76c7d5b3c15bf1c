package dev.exeat.cli.up;

import dev.exeat.cli.settings.FederatedBundle;
import dev.exeat.identity.FederatedSvidSource;
import dev.exeat.identity.SvidSource;
import java.util.List;
import java.util.stream.Collectors;

/** Trust in other trust domains, where any is configured. */
final class Federation {
    private Federation() {}

    /** The source itself, or one that trusts others too and is closed by {@code closing}. */
    static SvidSource over(SvidSource own, List<FederatedBundle> federated, Closing closing) {
        return federated.isEmpty()
                ? own
                : closing.add(FederatedSvidSource.open(
                        own,
                        federated.stream()
                                .collect(Collectors.toMap(FederatedBundle::trustDomain, FederatedBundle::file))));
    }
}
