package dev.exeat.policy.lint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.model.Problem;
import java.util.List;
import org.junit.jupiter.api.Test;

class IgnoresTest {
    private static Linting annotated(String annotation) {
        return new Linting().with("""
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata:
                  name: wide
                  namespace: default
                  annotations:
                    exeat.dev/lint-ignore: "%s"
                spec:
                  hosts: ["*.co.uk", "*.example.org", "a.example.org"]
                  ports:
                    - number: 443
                      name: tls
                      protocol: TLS
                """.formatted(annotation));
    }

    private static List<String> codes(Ignores.Result result) {
        return result.problems().stream().map(Problem::code).toList();
    }

    private static Ignores.Result apply(Linting linting) {
        return Ignores.apply(linting.resources(), linting.problems());
    }

    @Test
    void leaves_out_what_an_object_names_with_a_reason() {
        Ignores.Result one = apply(annotated("public-suffix-wildcard: customers, see SHOP-117"));
        Ignores.Result both = apply(annotated("public-suffix-wildcard, overlapping-wildcard: customers"));

        assertThat(codes(one)).containsExactly("overlapping-wildcard");
        assertThat(one.ignored()).isEqualTo(1);
        assertThat(codes(both)).isEmpty();
        assertThat(both.ignored()).isEqualTo(2);
    }

    @Test
    void leaves_out_nothing_without_a_reason() {
        for (String annotation : List.of("public-suffix-wildcard", "public-suffix-wildcard: ")) {
            Ignores.Result result = apply(annotated(annotation));

            assertThat(codes(result))
                    .containsExactlyInAnyOrder(
                            "public-suffix-wildcard", "overlapping-wildcard", "ignore-without-reason");
            assertThat(result.ignored()).isZero();
        }
    }

    @Test
    void tells_of_a_code_of_which_there_is_no_warning() {
        Ignores.Result result = apply(annotated("public-sufix-wildcard: customers"));

        assertThat(codes(result)).contains("ignore-unused", "public-suffix-wildcard");
    }

    @Test
    void never_leaves_out_an_error() {
        Linting linting = annotated("invalid-value: we know");
        Problem error = new Problem(
                Problem.Severity.ERROR,
                "invalid-value",
                linting.resources().getFirst().place(),
                linting.resources().getFirst().key(),
                "",
                "it is wrong",
                "");

        assertThat(codes(Ignores.apply(linting.resources(), List.of(error))))
                .containsExactly("invalid-value", "ignore-unused");
    }

    @Test
    void an_annotation_is_for_its_own_object_alone() {
        Linting linting = annotated("public-suffix-wildcard: customers").serviceEntry("other", 443, "*.co.uk");

        assertThat(codes(apply(linting))).contains("public-suffix-wildcard");
    }
}
