package dev.exeat.proxy.http1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.model.Reason;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HttpAnswersTest {
    private static String text(ByteBuffer bytes) {
        return StandardCharsets.UTF_8.decode(bytes).toString();
    }

    private static Refusal refusal(String message) {
        return new Refusal(
                Reason.POLICY_DENIED, message, "EgressPolicy prod/wiki", "d-17", "Ask the owner of the policy.");
    }

    @Test
    void opens_a_tunnel_without_a_length() {
        assertThat(text(HttpAnswers.established())).isEqualTo("HTTP/1.1 200 Connection established\r\n\r\n");
    }

    @Test
    void says_why_there_is_no_tunnel() {
        String answer = text(HttpAnswers.refusal(403, refusal("A policy denies it.")));
        String body = "{\"reason\":\"policy_denied\",\"message\":\"A policy denies it.\","
                + "\"rule\":\"EgressPolicy prod/wiki\",\"decision_id\":\"d-17\","
                + "\"what_to_do\":\"Ask the owner of the policy.\"}\n";
        assertThat(answer)
                .startsWith("HTTP/1.1 403 Forbidden\r\n")
                .contains("\r\nContent-Type: application/json\r\n")
                .contains("\r\nContent-Length: " + body.length() + "\r\n")
                .contains("\r\nConnection: close\r\n")
                .contains("\r\nExeat-Reason: policy_denied\r\n")
                .endsWith("\r\n\r\n" + body);
    }

    @Test
    void escapes_hostile_text() {
        String json =
                new String(HttpAnswers.json(refusal("a\"b\\c\r\nX: y\u0000\u2028<script>")), StandardCharsets.UTF_8);
        assertThat(json.strip()).doesNotContain("\r", "\n", "\u0000");
        assertThat(json).contains("a\\\"b\\\\c\\r\\nX: y\\u0000");
    }

    @Test
    void passes_on_no_reason_that_is_none() {
        assertThat(text(HttpAnswers.answer(403, "x\r\nEvil: 1", new byte[0]))).doesNotContain("Evil");
    }

    @Test
    void names_what_is_allowed() {
        assertThat(text(HttpAnswers.refusal(405, refusal("")))).contains("\r\nAllow: CONNECT\r\n");
        assertThat(text(HttpAnswers.refusal(407, refusal("")))).contains("\r\nProxy-Authenticate: ");
    }

    @ParameterizedTest
    @EnumSource(Reason.class)
    void has_a_status_for_every_reason(Reason reason) {
        assertThat(HttpAnswers.statusOf(reason)).isBetween(400, 503);
    }
}
