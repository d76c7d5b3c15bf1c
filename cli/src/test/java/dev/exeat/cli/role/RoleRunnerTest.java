package dev.exeat.cli.role;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.exeat.cli.ExitCode;
import dev.exeat.cli.role.Signals.Signal;
import dev.exeat.cli.settings.LogFormat;
import dev.exeat.cli.settings.RoleSettings;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RoleRunnerTest {
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Signals signals = Signals.raisedOnly();
    private final FakeRole role = new FakeRole();

    @TempDir
    Path directory;

    @Test
    void tells_the_bound_addresses_and_ends_with_0_after_a_drain() throws Exception {
        Path readyFile = directory.resolve("deep/ready.json");
        CompletableFuture<Integer> exit = run(readyFile);
        await().until(() -> Files.exists(readyFile) && text().contains("ready {"));
        String json = "{\"tunnel\":\"127.0.0.1:10443\",\"api\":\"[::1]:10943\"}";

        signals.raise(Signal.END);

        assertThat(exit.get()).isEqualTo(ExitCode.OK);
        assertThat(text().lines()).contains("ready " + json);
        assertThat(role.calls).containsExactly("start", "stop PT5S");
        assertThat(readyFile).doesNotExist();
    }

    @Test
    void writes_the_ready_file_with_the_same_json() throws Exception {
        Path readyFile = directory.resolve("ready.json");
        Files.writeString(readyFile, "of an earlier run");
        CompletableFuture<Integer> exit = run(readyFile);
        await().until(() -> text().contains("ready {"));

        assertThat(readyFile).hasContent("{\"tunnel\":\"127.0.0.1:10443\",\"api\":\"[::1]:10943\"}");

        signals.raise(Signal.END);
        exit.get();
    }

    @Test
    void reloads_as_often_as_it_is_told() throws Exception {
        CompletableFuture<Integer> exit = run(null);

        signals.raise(Signal.RELOAD);
        signals.raise(Signal.RELOAD);
        signals.raise(Signal.END);

        assertThat(exit.get()).isEqualTo(ExitCode.OK);
        assertThat(role.calls).containsExactly("start", "reload", "reload", "stop PT5S");
    }

    @Test
    void goes_on_after_a_reload_that_failed() throws Exception {
        role.reload = () -> {
            throw new IllegalStateException("the disk is gone");
        };
        CompletableFuture<Integer> exit = run(null);

        signals.raise(Signal.RELOAD);
        signals.raise(Signal.RELOAD);
        signals.raise(Signal.END);

        assertThat(exit.get()).isEqualTo(ExitCode.OK);
        assertThat(role.calls).containsExactly("start", "reload", "reload", "stop PT5S");
        assertThat(text()).contains("the disk is gone");
    }

    @Test
    void ends_with_1_and_without_a_drain_after_a_fault() throws Exception {
        CompletableFuture<Integer> exit = run(null);
        await().until(() -> role.onFault != null);

        role.onFault.accept(new IllegalStateException("the loop died"));

        assertThat(exit.get()).isEqualTo(ExitCode.FAILED);
        assertThat(role.calls).containsExactly("start", "stop PT0S");
        assertThat(text()).contains("the loop died");
    }

    @Test
    void a_second_signal_cuts_the_drain_short() throws Exception {
        role.drains = new CountDownLatch(1);
        CompletableFuture<Integer> exit = run(null);
        signals.raise(Signal.END);
        await().until(() -> role.calls.contains("stop PT5S"));

        signals.raise(Signal.END);

        assertThat(exit.get()).isEqualTo(ExitCode.OK);
        assertThat(role.calls).contains("cut short");
    }

    @Test
    void a_failed_start_is_told_by_its_own_words() {
        RoleRunner runner = new RoleRunner(new PrintStream(err, true, StandardCharsets.UTF_8), false, signals);
        RoleSettings settings = new RoleSettings(null, Duration.ofSeconds(5), LogFormat.TEXT);

        assertThatThrownBy(() -> runner.run("up", settings, () -> {
                    throw new IllegalStateException("port 1 is taken");
                }))
                .hasMessage("port 1 is taken");
    }

    @Test
    void leaves_the_ready_file_of_another_process_alone() throws Exception {
        Path readyFile = directory.resolve("ready.json");
        Files.writeString(readyFile, "of the process that serves");
        RoleRunner runner = new RoleRunner(new PrintStream(err, true, StandardCharsets.UTF_8), false, signals);
        RoleSettings settings = new RoleSettings(readyFile, Duration.ofSeconds(5), LogFormat.TEXT);
        role.claim = () -> {
            throw new IllegalStateException("in use by process 7");
        };

        assertThatThrownBy(() -> runner.run("up", settings, () -> role)).hasMessage("in use by process 7");

        assertThat(readyFile).hasContent("of the process that serves");
    }

    private CompletableFuture<Integer> run(Path readyFile) {
        RoleRunner runner = new RoleRunner(new PrintStream(err, true, StandardCharsets.UTF_8), false, signals);
        RoleSettings settings = new RoleSettings(readyFile, Duration.ofSeconds(5), LogFormat.TEXT);
        return CompletableFuture.supplyAsync(
                () -> runner.run("up", settings, () -> role),
                task -> Thread.ofPlatform().start(task));
    }

    private String text() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private static final class FakeRole implements Role {
        final List<String> calls = new CopyOnWriteArrayList<>();
        volatile Consumer<Throwable> onFault;
        volatile CountDownLatch drains = new CountDownLatch(0);

        volatile Runnable claim = () -> {};
        volatile Runnable reload = () -> {};

        @Override
        public void claim() {
            claim.run();
        }

        @Override
        public Map<String, InetSocketAddress> start(Consumer<Throwable> faults) {
            calls.add("start");
            onFault = faults;
            Map<String, InetSocketAddress> bound = new LinkedHashMap<>();
            bound.put("tunnel", new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 10443));
            bound.put("api", new InetSocketAddress(InetAddress.ofLiteral("::1"), 10943));
            return bound;
        }

        @Override
        public void reload() {
            calls.add("reload");
            reload.run();
        }

        @Override
        public void stop(Duration drain) {
            calls.add("stop " + drain);
            try {
                drains.await();
            } catch (InterruptedException e) {
                calls.add("cut short");
            }
        }
    }
}
