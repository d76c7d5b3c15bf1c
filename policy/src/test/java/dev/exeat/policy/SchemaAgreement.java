package dev.exeat.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.model.Problem;
import dev.exeat.model.Resource;
import dev.exeat.testkit.PolicySchema;
import java.util.List;
import java.util.Set;

/** Holds what the published schema says of an object to what the reader says of it. */
final class SchemaAgreement {
    private static final PolicySchema SCHEMA = PolicySchema.published();

    /** What a schema cannot tell, because it asks in which namespace the object stands. */
    private static final Set<String> BY_PLACE = Set.of("out-of-reach");

    private static final String GUARD = "exceptions from the address guard are given in the root namespace alone";

    private SchemaAgreement() {}

    /** @param problems what the reader found */
    static void hold(Resource resource, List<Problem> problems) {
        List<Problem> errors = problems.stream()
                .filter(Problem::isError)
                .filter(problem ->
                        !BY_PLACE.contains(problem.code()) && !problem.message().startsWith(GUARD))
                .toList();
        assertThat(SCHEMA.faults(resource.body()).isEmpty())
                .as("%s%nreader: %s%nschema: %s", resource.body(), errors, SCHEMA.faults(resource.body()))
                .isEqualTo(errors.isEmpty());
    }
}
