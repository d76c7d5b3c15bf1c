package dev.exeat.control.kinds;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class KindCatalogueTest {
    private static final Path DEFINITIONS = Path.of("src/main/resources/dev/exeat/control/kinds");

    private final KindCatalogue kinds = KindCatalogue.bundled();

    @Test
    void has_every_definition_of_its_folder() throws IOException {
        try (Stream<Path> files = Files.list(DEFINITIONS)) {
            assertThat(Files.readAllLines(DEFINITIONS.resolve("index.txt")))
                    .isSorted()
                    .containsExactlyInAnyOrderElementsOf(
                            files.map(file -> file.getFileName().toString())
                                    .filter(name -> name.endsWith(".yaml"))
                                    .toList());
        }
    }

    @Test
    void finds_a_kind_by_group_version_and_plural() {
        Kind policy = kinds.find("exeat.dev", "v1alpha1", "egresspolicies").orElseThrow();

        assertThat(policy.name()).isEqualTo("EgressPolicy");
        assertThat(policy.shortNames()).containsExactly("egp");
        assertThat(policy.namespaced()).isTrue();
        assertThat(policy.versions().getFirst().columns())
                .extracting(Column::name)
                .containsExactly("Action", "Mode", "Until", "Owner", "Age");
        assertThat(kinds.find("exeat.dev", "v1", "egresspolicies")).isEmpty();
        assertThat(kinds.find("", "v1", "namespaces").orElseThrow().namespaced())
                .isFalse();
    }

    @Test
    void names_groups_and_versions_the_preferred_first() {
        assertThat(kinds.groups())
                .containsExactly(
                        "authentication.k8s.io",
                        "authorization.k8s.io",
                        "certificates.k8s.io",
                        "config.istio.io",
                        "coordination.k8s.io",
                        "exeat.dev",
                        "networking.istio.io",
                        "rbac.authorization.k8s.io",
                        "security.istio.io");
        assertThat(kinds.versions("networking.istio.io")).containsExactly("v1", "v1beta1", "v1alpha3");
    }

    @Test
    void each_kind_has_a_schema_and_a_name_of_its_own() {
        assertThat(kinds.all())
                .allSatisfy(kind -> assertThat(kind.versions())
                        .allSatisfy(version -> assertThat(
                                        version.schema().path("type").asString())
                                .isEqualTo("object")));
        assertThat(kinds.all())
                .extracting(kind -> kind.plural() + "." + kind.group())
                .doesNotHaveDuplicates();
        assertThat(kinds.all()).flatExtracting(Kind::shortNames).doesNotHaveDuplicates();
    }
}
