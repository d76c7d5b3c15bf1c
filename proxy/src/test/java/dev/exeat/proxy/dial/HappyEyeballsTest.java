package dev.exeat.proxy.dial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.exeat.model.Reason;
import dev.exeat.net.ByteStream;
import dev.exeat.net.EventLoop;
import dev.exeat.net.EventLoops;
import dev.exeat.net.IoBuffer;
import dev.exeat.net.LoopOptions;
import dev.exeat.net.TcpStream;
import dev.exeat.testkit.Case;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HappyEyeballsTest {
    private static final Duration DEADLINE = Duration.ofSeconds(5);

    private record Timer(long at, Runnable task) {}

    private final List<Timer> timers = new ArrayList<>();
    private long now;
    private final Map<String, Dialler.Callback<Stream>> dialled = new LinkedHashMap<>();
    private final List<String> cancelled = new ArrayList<>();
    private final List<DialResult<Stream>> results = new ArrayList<>();
    private final HappyEyeballs<Stream> eyeballs = new HappyEyeballs<>(
            (address, callback) -> {
                dialled.put(name(address), callback);
                return () -> cancelled.add(name(address));
            },
            (delay, task) -> {
                Timer timer = new Timer(now + delay.toMillis(), task);
                timers.add(timer);
                return () -> timers.remove(timer);
            },
            DEADLINE);

    private static String name(InetSocketAddress address) {
        return address.getAddress().getHostAddress();
    }

    private static List<InetSocketAddress> addresses(String... texts) {
        return List.of(texts).stream()
                .map(t -> new InetSocketAddress(InetAddress.ofLiteral(t), 443))
                .toList();
    }

    private Cancel dial(String... texts) {
        return eyeballs.dial(addresses(texts), results::add);
    }

    private void advance(long millis) {
        long end = now + millis;
        while (true) {
            Timer next = timers.stream()
                    .filter(t -> t.at <= end)
                    .min((a, b) -> Long.compare(a.at, b.at))
                    .orElse(null);
            if (next == null) {
                break;
            }
            timers.remove(next);
            now = next.at;
            next.task.run();
        }
        now = end;
    }

    @Test
    void takes_the_first_that_connects() {
        dial("192.0.2.1", "192.0.2.2");
        assertThat(dialled.keySet()).containsExactly("192.0.2.1");
        Stream stream = new Stream();
        dialled.get("192.0.2.1").connected(stream);
        assertThat(results)
                .containsExactly(new DialResult.Connected<>(
                        stream, addresses("192.0.2.1").getFirst()));
        assertThat(timers).isEmpty();
    }

    @Test
    @Case("D38")
    void dials_the_next_after_a_quarter_of_a_second() {
        dial("192.0.2.1", "192.0.2.2", "192.0.2.3");
        advance(249);
        assertThat(dialled).hasSize(1);
        advance(1);
        assertThat(dialled).hasSize(2);
        advance(250);
        assertThat(dialled).hasSize(3);
        dialled.get("192.0.2.2").connected(new Stream());
        assertThat(cancelled).containsExactlyInAnyOrder("192.0.2.1", "192.0.2.3");
        assertThat(results).hasSize(1);
    }

    @Test
    void dials_the_next_at_once_when_one_fails() {
        dial("192.0.2.1", "192.0.2.2", "192.0.2.3");
        dialled.get("192.0.2.1").failed("connection refused");
        assertThat(dialled.keySet()).containsExactly("192.0.2.1", "192.0.2.2");
        advance(249);
        assertThat(dialled).hasSize(2);
        advance(1);
        assertThat(dialled).hasSize(3);
    }

    @Test
    void tells_each_error_when_all_fail() {
        dial("192.0.2.1", "2001:db8::1");
        dialled.get("192.0.2.1").failed("connection refused");
        dialled.get("2001:db8:0:0:0:0:0:1").failed("network unreachable");
        assertThat(results).singleElement().isInstanceOfSatisfying(DialResult.Failed.class, failed -> {
            assertThat(failed.reason()).isEqualTo(Reason.DIAL_FAILED);
            assertThat(failed.detail())
                    .isEqualTo("192.0.2.1:443 connection refused; [2001:db8::1]:443 network unreachable");
        });
        assertThat(timers).isEmpty();
    }

    @Test
    @Case("R06")
    void gives_up_at_the_deadline_whatever_goes_on() {
        dial("192.0.2.1", "192.0.2.2");
        dialled.get("192.0.2.1").failed("connection refused");
        advance(4999);
        assertThat(results).isEmpty();
        advance(1);
        assertThat(results).singleElement().isInstanceOfSatisfying(DialResult.Failed.class, failed -> {
            assertThat(failed.reason()).isEqualTo(Reason.DIAL_TIMEOUT);
            assertThat(failed.detail()).contains("192.0.2.2:443 no answer within 5000 ms");
        });
        assertThat(cancelled).containsExactly("192.0.2.2");
        Stream late = new Stream();
        dialled.get("192.0.2.2").connected(late);
        assertThat(late.resets).isOne();
        assertThat(results).hasSize(1);
    }

    @Test
    void stops_when_it_is_cancelled() {
        Cancel cancel = dial("192.0.2.1", "192.0.2.2");
        cancel.cancel();
        cancel.cancel();
        advance(10_000);
        assertThat(cancelled).containsExactly("192.0.2.1");
        assertThat(dialled).hasSize(1);
        assertThat(results).isEmpty();
        assertThat(timers).isEmpty();
    }

    @Test
    void dials_no_more_than_sixteen_addresses() {
        String[] many = new String[40];
        for (int i = 0; i < many.length; i++) {
            many[i] = "192.0.2." + (i + 1);
        }
        dial(many);
        advance(6000);
        assertThat(dialled).hasSize(16);
    }

    @Test
    void wants_an_address() {
        assertThatThrownBy(() -> dial()).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void dials_real_sockets_past_one_that_refuses() throws Exception {
        try (EventLoops loops = EventLoops.start(new LoopOptions(1, "eyeballs"));
                ServerSocket server = new ServerSocket(0, 5, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
            EventLoop loop = loops.next();
            InetSocketAddress refusing =
                    new InetSocketAddress(InetAddress.ofLiteral("127.0.0.77"), server.getLocalPort());
            InetSocketAddress good = new InetSocketAddress(server.getInetAddress(), server.getLocalPort());
            CompletableFuture<DialResult<TcpStream>> done = new CompletableFuture<>();
            loop.execute(() -> HappyEyeballs.on(loop, DEADLINE).dial(List.of(refusing, good), result -> {
                done.complete(result);
                if (result instanceof DialResult.Connected<TcpStream>(TcpStream stream, InetSocketAddress address)) {
                    stream.reset();
                }
            }));
            assertThat(done.get(5, TimeUnit.SECONDS))
                    .isInstanceOfSatisfying(
                            DialResult.Connected.class,
                            connected -> assertThat(connected.address()).isEqualTo(good));
        }
    }

    private static final class Stream implements ByteStream {
        private int resets;

        @Override
        public EventLoop loop() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void handler(Handler handler) {}

        @Override
        public int read(IoBuffer into) {
            return 0;
        }

        @Override
        public int write(ByteBuffer from) {
            return 0;
        }

        @Override
        public void finish() {}

        @Override
        public void end() {}

        @Override
        public void reset() {
            resets++;
        }

        @Override
        public boolean isClosed() {
            return resets > 0;
        }
    }
}
