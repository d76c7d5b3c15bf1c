package dev.exeat.cli.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.exeat.cli.observe.FlowServer.Patience;
import dev.exeat.flow.query.FlowFilter;
import dev.exeat.flow.store.FlowFollower;
import dev.exeat.flow.store.FlowStoreException;
import dev.exeat.flow.store.StoredFlow;
import dev.exeat.flow.store.Window;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server's history, of a server that does what it should not. */
@Timeout(60)
class ServerFlowsTest {
    private static final Duration LONG = Duration.ofHours(1);
    private static final Duration SHORT = Duration.ofMillis(1);
    private static final String END = "{\"sequence\":9}\n";

    private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final List<String> notices = new CopyOnWriteArrayList<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Long> shown = new CopyOnWriteArrayList<>();
    private HttpServer server;

    /** @param hangs after the body, until the test is over */
    private record Answer(int status, String body, boolean hangs) {}

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        over.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    private void answer(HttpExchange exchange) throws IOException {
        asked.add(exchange.getRequestURI().getQuery());
        Answer answer = answers.isEmpty() ? new Answer(200, "", true) : answers.remove();
        if (answer.status() != 200) {
            exchange.getResponseHeaders().add("Retry-After", "0");
        }
        exchange.sendResponseHeaders(answer.status(), 0);
        exchange.getResponseBody().write(answer.body().getBytes(StandardCharsets.US_ASCII));
        exchange.getResponseBody().flush();
        if (answer.hangs()) {
            try {
                over.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        exchange.close();
    }

    private static String flow(int sequence) {
        return "{\"sequence\":" + sequence + ",\"record\":{\"version\":1,\"time\":\"2026-01-02T03:04:05Z\",\"id\":\"a-"
                + sequence + "\",\"event\":\"final\",\"verdict\":\"allowed\"}}\n";
    }

    private ServerFlows flows(Duration silence, Duration pause) {
        URI address = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        return new ServerFlows(
                new FlowServer(address, HttpClient.newHttpClient(), () -> "", new Patience(silence, pause)),
                notices::add);
    }

    /** Follows until so many were shown, or its thread is interrupted. */
    private Thread follow(ServerFlows flows, int count) {
        return Thread.ofPlatform()
                .daemon()
                .start(() -> flows.follow(FlowFilter.ALL, 0, new FlowFollower() {
                    @Override
                    public void show(StoredFlow flow) {
                        shown.add(flow.sequence());
                    }

                    @Override
                    public void missed(long count) {}

                    @Override
                    public boolean goesOn() {
                        return shown.size() < count;
                    }
                }));
    }

    @Test
    void empty_lines_only_say_that_the_server_is_at_work() {
        answers.add(new Answer(200, "\n" + flow(1) + "\n\n" + flow(2) + END, false));
        answers.add(new Answer(200, "\n" + END, false));
        List<Long> seen = new ArrayList<>();
        try (ServerFlows flows = flows(LONG, LONG)) {
            flows.read(FlowFilter.ALL, Window.ALL, flow -> seen.add(flow.sequence()));

            assertThat(seen).containsExactly(1L, 2L);
            assertThat(flows.newest()).isEqualTo(9);
        }
    }

    @Test
    void an_answer_that_was_cut_goes_on_where_it_ended() {
        answers.add(new Answer(200, flow(1) + "\n", false));
        answers.add(new Answer(200, flow(2) + END, false));
        List<Long> seen = new ArrayList<>();
        try (ServerFlows flows = flows(LONG, LONG)) {
            flows.read(FlowFilter.ALL, Window.ALL, flow -> seen.add(flow.sequence()));
        }

        assertThat(seen).containsExactly(1L, 2L);
        assertThat(asked).last().asString().contains("after=1");
    }

    @Test
    void an_answer_that_is_cut_before_it_tells_anything_is_none() {
        answers.add(new Answer(200, flow(1) + "\n", false));
        answers.add(new Answer(200, "\n", false));
        try (ServerFlows flows = flows(LONG, LONG)) {
            assertThatThrownBy(() -> flows.read(FlowFilter.ALL, Window.ALL, _ -> true))
                    .isInstanceOf(FlowStoreException.class)
                    .hasMessageContaining("the answer was cut short");
        }
        assertThat(asked).hasSize(2);
    }

    @Test
    void a_visitor_that_has_enough_waits_for_nothing_more() {
        answers.add(new Answer(200, flow(1) + "\n", true));
        Queue<StoredFlow> seen = new ArrayDeque<>();
        try (ServerFlows flows = flows(LONG, LONG)) {
            flows.read(FlowFilter.ALL, Window.ALL, flow -> !seen.add(flow));
        }

        assertThat(seen).hasSize(1);
    }

    @Test
    void a_server_that_says_nothing_is_given_up() {
        answers.add(new Answer(200, flow(1), true));
        try (ServerFlows flows = flows(Duration.ofMillis(50), LONG)) {
            assertThatThrownBy(() -> flows.read(FlowFilter.ALL, Window.ALL, _ -> true))
                    .isInstanceOf(FlowStoreException.class)
                    .hasMessageContaining("it was silent for");
        }
    }

    @Test
    void who_follows_asks_anew_of_a_server_that_says_nothing() throws InterruptedException {
        answers.add(new Answer(200, flow(1), true));
        // More than one, for this machine may be slower than the server may be silent.
        for (int i = 0; i < 100; i++) {
            answers.add(new Answer(200, flow(2), false));
        }
        try (ServerFlows flows = flows(Duration.ofMillis(50), SHORT)) {
            follow(flows, 2).join();
        }

        assertThat(shown).containsExactly(1L, 2L);
        assertThat(asked).last().asString().contains("after=1");
    }

    @Test
    void tells_of_each_outage_and_that_it_is_over() throws InterruptedException {
        answers.add(new Answer(429, "{\"message\":\"so many are there already\"}", false));
        answers.add(new Answer(503, "", false));
        answers.add(new Answer(200, END, false));
        answers.add(new Answer(503, "", false));
        answers.add(new Answer(200, flow(10), false));
        try (ServerFlows flows = flows(LONG, SHORT)) {
            follow(flows, 1).join();
        }

        String name = "the server http://127.0.0.1:" + server.getAddress().getPort();
        assertThat(notices)
                .containsExactly(
                        name + " cannot be read (so many are there already); trying again",
                        name + " is back",
                        name + " cannot be read (it answered with status 503); trying again",
                        name + " is back");
    }

    @Test
    void a_server_that_ends_each_answer_at_once_is_not_asked_without_a_pause() throws InterruptedException {
        answers.add(new Answer(200, END, false));
        try (ServerFlows flows = flows(LONG, LONG)) {
            Thread following = follow(flows, 1);
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> following.getState() == Thread.State.TIMED_WAITING || asked.size() > 1);
            assertThat(asked).hasSize(1);
            following.interrupt();
            following.join();
        }
    }

    @Test
    void who_ends_following_is_told_of_no_outage() throws InterruptedException {
        answers.add(new Answer(200, flow(1), true));
        try (ServerFlows flows = flows(LONG, LONG)) {
            Thread following = follow(flows, 2);
            await().atMost(Duration.ofSeconds(20)).until(() -> !shown.isEmpty());
            following.interrupt();
            following.join();
        }

        assertThat(notices).isEmpty();
    }
}
