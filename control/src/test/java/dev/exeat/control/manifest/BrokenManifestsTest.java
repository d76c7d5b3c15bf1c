package dev.exeat.control.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.model.Problem;
import dev.exeat.testkit.Case;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is printed for broken manifests, held word by word: beside each {@code NAME.yaml} lies {@code NAME.errors}. */
class BrokenManifestsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {"indentation", "tabs", "duplicate-keys", "misspelt", "incomplete", "names", "syntax", "list"})
    @Case({"M01", "M05"})
    void tells_what_is_wrong_and_where(String name) throws IOException {
        ManifestFile file = new ManifestReader().read(name + ".yaml", resource(name + ".yaml"));

        String told = file.problems().stream().map(Problem::toString).collect(Collectors.joining("\n", "", "\n"));
        String read =
                file.resources().stream().map(r -> "read: " + r.key() + "\n").collect(Collectors.joining());

        assertThat(told + read).isEqualTo(new String(resource(name + ".errors"), StandardCharsets.UTF_8));
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = BrokenManifestsTest.class.getResourceAsStream("broken/" + name)) {
            assertThat(in).as(name).isNotNull();
            return in.readAllBytes();
        }
    }
}
