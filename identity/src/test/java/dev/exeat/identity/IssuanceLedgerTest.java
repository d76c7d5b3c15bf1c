package dev.exeat.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.exeat.model.SpiffeId;
import dev.exeat.testkit.Case;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class IssuanceLedgerTest {
    private static final SpiffeId SLEEP = SpiffeId.ofServiceAccount("cluster.local", "default", "sleep");
    private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");

    @TempDir
    Path directory;

    private static IssuanceLedger.Entry entry(String serial) {
        return new IssuanceLedger.Entry(NOW, SLEEP.toString(), serial, NOW.plusSeconds(60), "ab");
    }

    private Path file() {
        return directory.resolve("ledger.jsonl");
    }

    @Test
    void writes_one_line_for_each_certificate() throws Exception {
        try (Authority authority = Authority.open(directory, "cluster.local", Duration.ofHours(1), () -> NOW)) {
            IssuedSvid issued = authority.issue(Csr.good(), SLEEP, SanNames.NONE);

            JsonNode line = JsonMapper.shared().readTree(Files.readString(file()));
            assertThat(line.propertyNames()).containsExactly("time", "id", "serial", "not_after", "key_sha256");
            assertThat(line.get("time").stringValue()).isEqualTo("2026-11-23T10:00:00Z");
            assertThat(line.get("id").stringValue()).isEqualTo(SLEEP.toString());
            assertThat(line.get("serial").stringValue())
                    .isEqualTo(issued.serial().toString(16));
            assertThat(line.get("not_after").stringValue()).isEqualTo("2026-11-23T11:00:00Z");
            assertThat(line.get("key_sha256").stringValue()).matches("[0-9a-f]{64}");
        }
    }

    @Test
    void adds_to_what_is_there_and_leaves_a_torn_line_apart() throws Exception {
        try (IssuanceLedger ledger = IssuanceLedger.open(file())) {
            ledger.append(entry("1"));
        }
        Files.writeString(file(), "{\"time\":\"2026-11-2", StandardOpenOption.APPEND);

        for (String serial : List.of("2", "3")) {
            try (IssuanceLedger ledger = IssuanceLedger.open(file())) {
                ledger.append(entry(serial));
            }
        }

        assertThat(Files.readAllLines(file()))
                .hasSize(4)
                .satisfiesExactly(
                        l -> assertThat(l).contains("\"serial\":\"1\""),
                        l -> assertThat(l).isEqualTo("{\"time\":\"2026-11-2"),
                        l -> assertThat(l).contains("\"serial\":\"2\""),
                        l -> assertThat(l).contains("\"serial\":\"3\""));
    }

    @Test
    void belongs_to_one_authority_at_a_time() {
        try (IssuanceLedger ledger = IssuanceLedger.open(file())) {
            assertThatThrownBy(() -> IssuanceLedger.open(file()))
                    .isInstanceOf(IdentityStoreException.class)
                    .hasMessageContaining("another authority");
            ledger.append(entry("1"));
        }
        IssuanceLedger.open(file()).close();
    }

    @Test
    @Case("R10")
    void issues_nothing_that_it_cannot_write_down() throws Exception {
        Files.createSymbolicLink(file(), Path.of("/dev/full"));
        try (Authority authority = Authority.open(directory, "cluster.local", Duration.ofHours(1), () -> NOW)) {
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> authority.issue(Csr.good(), SLEEP, SanNames.NONE))
                        .isInstanceOf(IdentityStoreException.class)
                        .hasMessageContaining("no certificate is issued");
            }
        }
    }

    @Test
    void recovers_from_an_interrupted_write() throws Exception {
        try (IssuanceLedger ledger = IssuanceLedger.open(file())) {
            ledger.append(entry("1"));
            Thread.currentThread().interrupt();
            try {
                assertThatThrownBy(() -> ledger.append(entry("2"))).isInstanceOf(IdentityStoreException.class);
            } finally {
                assertThat(Thread.interrupted()).isTrue();
            }
            ledger.append(entry("3"));
        }

        assertThat(Files.readAllLines(file())).hasSize(2).last().asString().contains("\"serial\":\"3\"");
    }

    @Test
    void keeps_lines_of_many_threads_whole() throws Exception {
        try (IssuanceLedger ledger = IssuanceLedger.open(file());
                ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                String serial = Integer.toHexString(i);
                all.add(threads.submit(() -> ledger.append(entry(serial))));
            }
            for (Future<?> one : all) {
                one.get();
            }
        }

        assertThat(Files.readAllLines(file()))
                .hasSize(200)
                .allSatisfy(l -> JsonMapper.shared().readTree(l))
                .doesNotHaveDuplicates();
    }

    /** Issues until it is killed, and tells each serial number as a caller would learn it. */
    static final class Issuer {
        private Issuer() {}

        public static void main(String[] arguments) {
            Authority authority =
                    Authority.open(Path.of(arguments[0]), "cluster.local", Duration.ofHours(1), InstantSource.system());
            while (true) {
                IssuedSvid issued = authority.issue(Csr.good(), SLEEP, SanNames.NONE);
                System.out.println(issued.serial().toString(16));
                System.out.flush();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 40})
    @Case("C15")
    void holds_every_certificate_that_was_handed_out_before_a_kill(int handedOut) throws Exception {
        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Issuer.class.getName(),
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        List<String> told = new ArrayList<>();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII))) {
            String line;
            while ((line = out.readLine()) != null) {
                told.add(line);
                if (told.size() == handedOut) {
                    // SIGKILL, by the handle, which leaves the pipe open: what it holds was handed out too.
                    process.toHandle().destroyForcibly();
                }
            }
        }
        process.waitFor();

        String ledger = Files.readString(file());
        assertThat(told).hasSizeGreaterThanOrEqualTo(handedOut);
        assertThat(told.subList(0, handedOut))
                .allSatisfy(s -> assertThat(ledger).contains("\"serial\":\"" + s + "\""));
        try (Authority again =
                Authority.open(directory, "cluster.local", Duration.ofHours(1), InstantSource.system())) {
            assertThat(again.issueLocal(SLEEP, SanNames.NONE)).isNotNull();
        }
        assertThat(Files.readString(file())).startsWith(ledger).endsWith("}\n");
    }
}
