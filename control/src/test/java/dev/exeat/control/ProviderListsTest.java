package dev.exeat.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.exeat.policy.EntryType;
import dev.exeat.policy.ListContent;
import dev.exeat.policy.ProviderSpec;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A real web server that changes its mind. */
class ProviderListsTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private record Answer(int status, byte[] body) {
        static Answer ok(String body) {
            return new Answer(200, body.getBytes(StandardCharsets.UTF_8));
        }
    }

    private final AtomicReference<Answer> answer = new AtomicReference<>(Answer.ok("a.example\nb.example\n"));
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger changes = new AtomicInteger();
    private final ProviderLists lists = new ProviderLists(Clock.systemUTC());
    private HttpServer server;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            asked.incrementAndGet();
            Answer now = answer.get();
            if (now.status() == 302) {
                exchange.getResponseHeaders().set("Location", "/elsewhere");
            }
            exchange.sendResponseHeaders(now.status(), now.body().length == 0 ? -1 : now.body().length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(now.body());
            }
        });
        server.start();
        lists.onChange(changes::incrementAndGet);
    }

    @AfterEach
    void stop() {
        lists.close();
        server.stop(0);
    }

    private ProviderSpec spec(EntryType type, Duration refresh, Duration ttl) {
        return new ProviderSpec("http://127.0.0.1:" + server.getAddress().getPort() + "/list", refresh, ttl, type);
    }

    private ListContent awaitContent(ProviderSpec spec) {
        lists.want(Set.of(spec));
        await().until(() -> lists.current(spec) != null);
        return Objects.requireNonNull(lists.current(spec));
    }

    private void awaitFirstFailure(ProviderSpec spec) {
        lists.want(Set.of(spec));
        int before = asked.get();
        await().until(() -> asked.get() > before + 1);
        assertThat(lists.current(spec)).isNull();
    }

    @Test
    void knows_nothing_of_a_list_that_nobody_wants() {
        assertThat(lists.current(spec(EntryType.STRINGS, SECOND, SECOND))).isNull();
        assertThat(asked).hasValue(0);
    }

    @Test
    void takes_lines_as_they_are_without_empty_ones() {
        answer.set(Answer.ok("a.example\n\n  b.example \r\n#c\nlast"));

        ListContent content = awaitContent(spec(EntryType.STRINGS, SECOND, SECOND));

        assertThat(content.entries()).containsExactly("a.example", "  b.example \r", "#c", "last");
        assertThat(content.failed()).isFalse();
        assertThat(changes).hasValue(1);
    }

    @Test
    void fetches_again_and_tells_only_of_changes() {
        ProviderSpec spec = spec(EntryType.STRINGS, Duration.ofMillis(20), Duration.ofMinutes(1));
        awaitContent(spec);
        await().until(() -> asked.get() > 3);
        assertThat(changes).hasValue(1);

        answer.set(Answer.ok("c.example"));

        await().until(() ->
                Objects.requireNonNull(lists.current(spec)).entries().contains("c.example"));
        await().until(() -> changes.get() == 2);
    }

    @Test
    void tells_of_an_unchanged_list_before_what_was_told_runs_out() {
        awaitContent(spec(EntryType.STRINGS, Duration.ofMillis(20), SECOND));

        await().until(() -> changes.get() > 3);
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 206, 302, 404, 500})
    void keeps_the_last_good_list_while_the_server_fails(int status) {
        ProviderSpec spec = spec(EntryType.STRINGS, Duration.ofMillis(20), Duration.ofMinutes(1));
        awaitContent(spec);

        answer.set(new Answer(status, new byte[0]));

        await().until(() -> Objects.requireNonNull(lists.current(spec)).failed());
        assertThat(Objects.requireNonNull(lists.current(spec)).entries()).containsExactly("a.example", "b.example");

        answer.set(Answer.ok("a.example\nb.example\n"));
        await().until(() -> !Objects.requireNonNull(lists.current(spec)).failed());
    }

    @Test
    void drops_the_list_when_its_time_to_live_has_passed_and_takes_it_up_again() {
        ProviderSpec spec = spec(EntryType.STRINGS, Duration.ofMillis(100), Duration.ofMillis(300));
        awaitContent(spec);

        answer.set(new Answer(500, new byte[0]));
        await().until(() -> lists.current(spec) == null);

        answer.set(Answer.ok("again"));
        await().until(() -> lists.current(spec) != null);
    }

    @Test
    void drops_the_list_in_time_however_long_the_interval() {
        // The next fetch comes after the time to live has ended; the list must not outlive it.
        ProviderSpec spec = spec(EntryType.STRINGS, Duration.ofMillis(400), Duration.ofMillis(500));
        awaitContent(spec);
        answer.set(new Answer(500, new byte[0]));
        long start = System.nanoTime();

        await().until(() -> lists.current(spec) == null);

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    }

    @ParameterizedTest
    @CsvSource({
        "IP_ADDRESSES, 'whitelist: [10.0.0.0/8, \"2001:db8::1\"]'",
        "REGEX, '^en\\.'",
        "CASE_INSENSITIVE_STRINGS, 'x'"
    })
    void takes_each_type_in_its_form(EntryType type, String body) {
        answer.set(Answer.ok(body));

        assertThat(awaitContent(spec(type, SECOND, SECOND)).entries()).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "IP_ADDRESSES, 'whitelist: [10.0.0.0/8, 10.0.0.0/33]'",
        "IP_ADDRESSES, '10.0.0.0/8'",
        "IP_ADDRESSES, 'blacklist: [10.0.0.0/8]'",
        "IP_ADDRESSES, 'whitelist: [[10.0.0.0/8]]'",
        "REGEX, '(unclosed'"
    })
    void one_bad_entry_refuses_the_whole_list(EntryType type, String body) {
        answer.set(Answer.ok(body));

        awaitFirstFailure(spec(type, Duration.ofMillis(10), SECOND));
    }

    @Test
    void refuses_a_body_that_is_too_large() {
        answer.set(new Answer(200, new byte[ListFetcher.MAX_BYTES + 1]));

        awaitFirstFailure(spec(EntryType.STRINGS, Duration.ofMillis(10), SECOND));
    }

    @Test
    void takes_no_redirects() {
        answer.set(new Answer(302, new byte[0]));

        awaitFirstFailure(spec(EntryType.STRINGS, Duration.ofMillis(10), SECOND));
    }

    @Test
    void gives_up_on_a_server_that_says_nothing() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                HttpClient client = HttpClient.newHttpClient()) {
            ListFetcher fetcher = new ListFetcher(() -> client, Duration.ofMillis(100));
            ProviderSpec spec = new ProviderSpec(
                    "http://127.0.0.1:" + silent.getLocalPort() + "/", SECOND, SECOND, EntryType.STRINGS);

            assertThatThrownBy(() -> fetcher.fetch(spec)).isInstanceOf(ListFetchException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"file:///etc/passwd", "nowhere", "http://", "ftp://x/y", "http://a b/"})
    void fetches_nothing_but_http(String url) {
        ProviderSpec spec = new ProviderSpec(url, SECOND, SECOND, EntryType.STRINGS);

        assertThatThrownBy(() -> new ListFetcher(HttpClient::newHttpClient).fetch(spec))
                .isInstanceOf(ListFetchException.class);
    }

    @Test
    void stops_fetching_what_is_wanted_no_longer() {
        ProviderSpec spec = spec(EntryType.STRINGS, Duration.ofMillis(10), SECOND);
        awaitContent(spec);

        lists.want(Set.of());

        assertThat(lists.current(spec)).isNull();
    }

    @Test
    void a_fault_of_one_fetch_does_not_end_the_fetching() {
        AtomicInteger tries = new AtomicInteger();
        ListFetcher fetcher = new ListFetcher(() -> {
            if (tries.incrementAndGet() == 1) {
                throw new IllegalStateException("no client yet");
            }
            return HttpClient.newHttpClient();
        });
        try (FetchedList list = FetchedList.start(
                spec(EntryType.STRINGS, SECOND, SECOND.multipliedBy(5)), fetcher, Clock.systemUTC(), () -> {})) {
            await().until(() -> list.content() != null);
        }
    }
}
