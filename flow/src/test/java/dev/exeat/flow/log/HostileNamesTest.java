package dev.exeat.flow.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.flow.ConnectionRecord;
import dev.exeat.flow.Records;
import dev.exeat.flow.profile.LogOrigin;
import dev.exeat.flow.profile.LogProfile;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.json.JsonMapper;

/** Whatever a client or a name server calls itself, a line stays one line, and what reads it finds its parts. */
class HostileNamesTest {
    private static final LogOrigin ORIGIN = new LogOrigin("1.0", "gw \n1", "a\"]\u202epp", "w\u0000");
    private static final int RUNS = 300;
    /** What has a meaning to some reader: ends of lines, quotes, brackets, escapes, bidi controls, lone surrogates. */
    private static final String[] PIECES = {
        "\n",
        "\r",
        "\t",
        "\0",
        "\u001b[2J",
        "\u007f",
        "\u0085",
        "\u009b",
        "\"",
        "'",
        "\\",
        "]",
        "[",
        "=",
        "|",
        ",",
        " ",
        "{",
        "}",
        "\u202e",
        "\u2066",
        "\u200b",
        "\u2028",
        "\ufeff",
        "\ud800",
        "\udc00",
        "\ud83d\ude00",
        "\u00e9",
        "\\n",
        "\\\"",
        "<134>1 ",
        "\n<134>1 - - - - - - forged",
        "\",\"verdict\":\"allowed",
        "<script>",
        "$(id)",
        "%n",
        "a",
        "en.wikipedia.org"
    };

    private static String hostile(SplittableRandom random) {
        StringBuilder text = new StringBuilder();
        int pieces = random.nextInt(1, 40);
        for (int i = 0; i < pieces; i++) {
            text.append(
                    random.nextInt(4) == 0
                            ? String.valueOf((char) random.nextInt(0x10000))
                            : PIECES[random.nextInt(PIECES.length)]);
        }
        return text.toString();
    }

    /** Records in which every text is hostile: with a hello, without one so that the CONNECT name counts, and carried. */
    private static List<ConnectionRecord> records(String text) {
        ConnectionRecord usual = Records.hostile(text);
        List<ConnectionRecord> records = new ArrayList<>(List.of(usual));
        for (ConnectionRecord.Event event : ConnectionRecord.Event.values()) {
            records.add(new ConnectionRecord(
                    usual.id(),
                    usual.time(),
                    event,
                    usual.listener(),
                    usual.mode(),
                    usual.source(),
                    usual.names(),
                    event == ConnectionRecord.Event.OPEN
                            ? usual.route()
                            : Records.denied().route(),
                    usual.ruling(),
                    null,
                    usual.outerTls(),
                    usual.traffic(),
                    usual.durations()));
        }
        return records;
    }

    private static String plain(LogProfile profile, ConnectionRecord record) {
        return checked(profile.encoder(ORIGIN).encode(record));
    }

    /** Without its line feed. */
    private static String checked(byte[] line) {
        String text = new String(line, StandardCharsets.UTF_8);
        assertThat(text).endsWith("\n");
        String body = text.substring(0, text.length() - 1);
        assertThat(body.chars()).allMatch(c -> c >= ' ' && c <= '~');
        return body;
    }

    @ParameterizedTest
    @EnumSource(LogProfile.class)
    void a_line_is_one_line_of_printable_characters(LogProfile profile) {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < RUNS; i++) {
            String text = hostile(random);
            for (ConnectionRecord record : records(text)) {
                String line = plain(profile, record);
                if (profile == LogProfile.ISTIO) {
                    assertThat(line.split("\"", -1))
                            .as("seed %d: %s", seed, line)
                            .hasSize(15);
                } else {
                    assertThat(JsonMapper.shared().readTree(line).isObject())
                            .as("seed %d: %s", seed, line)
                            .isTrue();
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(LogProfile.class)
    void a_syslog_message_has_its_parts_where_they_belong(LogProfile profile) {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        SyslogProfile syslog = new SyslogProfile(profile, ORIGIN);
        for (int i = 0; i < RUNS; i++) {
            String text = hostile(random);
            for (ConnectionRecord record : records(text)) {
                SyslogMessage message = SyslogMessage.parse(checked(syslog.encode(record)));

                assertThat(message.header().get(2)).isEqualTo("-");
                assertThat(message.parameters())
                        .as("seed %d", seed)
                        .containsEntry("profile", profile.code())
                        .containsEntry("id", record.id())
                        .containsEntry("verdict", "denied");
                if (record.hello() == null) {
                    assertThat(message.parameters()).containsEntry("host", printable(text));
                }
                assertThat(message.text()).isEqualTo(plain(profile, record));
            }
        }
    }

    private static String printable(String text) {
        StringBuilder printable = new StringBuilder();
        text.chars().limit(255).forEach(c -> printable.append(c < ' ' || c > '~' ? '?' : (char) c));
        return printable.toString();
    }
}
