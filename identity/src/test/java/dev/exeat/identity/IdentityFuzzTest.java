package dev.exeat.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.testkit.fuzz.Fuzzing;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class IdentityFuzzTest {
    @Test
    void takes_no_request_that_proves_nothing() {
        assertThat(Fuzzing.briefly(new CsrFuzz(), 3_000).answers().keySet())
                .anyMatch(answer -> answer.startsWith("taken"))
                .hasSizeGreaterThan(5);
    }

    @Test
    void takes_no_chain_that_a_second_judge_refuses() {
        assertThat(Fuzzing.briefly(new SvidFuzz(), 3_000).answers().keySet())
                .anyMatch(answer -> answer.startsWith("taken fuzz.test"))
                .anyMatch(answer -> answer.startsWith("taken other.test"))
                .hasSizeGreaterThan(9);
    }

    @Test
    void refuses_octets_behind_the_value_of_an_extension() throws Exception {
        try (InputStream in = getClass().getResourceAsStream("/fuzz/svid/behind-an-extension.hex")) {
            String text = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
            byte[] chain = HexFormat.of().parseHex(text.replaceAll("#.*|\\s", ""));

            assertThat(new SvidFuzz().feed(chain)).contains("malformed");
        }
    }
}
