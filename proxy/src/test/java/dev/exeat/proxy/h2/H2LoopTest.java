package dev.exeat.proxy.h2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.net.ByteStream;
import dev.exeat.net.EventLoop;
import dev.exeat.net.EventLoops;
import dev.exeat.net.Listener;
import dev.exeat.net.LoopOptions;
import dev.exeat.net.Relay;
import dev.exeat.net.RelayEnd;
import dev.exeat.net.RelayOptions;
import dev.exeat.net.TcpStream;
import dev.exeat.proxy.dial.DialResult;
import dev.exeat.proxy.dial.HappyEyeballs;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Both sides on real loops and sockets: a client's TCP connection, a tunnel, and the upstream's TCP connection. */
@Timeout(60)
class H2LoopTest {
    private final EventLoops loops = EventLoops.start(new LoopOptions(1, "h2"));
    private final EventLoop loop = loops.next();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<RelayEnd> ends = new CopyOnWriteArrayList<>();
    private final List<H2Closed> closed = new CopyOnWriteArrayList<>();
    private ServerSocket upstream;
    private Listener gateway;
    private Listener proxy;
    private final CompletableFuture<H2ClientConnection> client = new CompletableFuture<>();

    @BeforeEach
    void start() throws Exception {
        InetAddress local = InetAddress.getLoopbackAddress();
        upstream = new ServerSocket(0, 500, local);
        gateway = loops.listen(
                new InetSocketAddress(local, 0),
                tcp -> H2ServerConnection.start(tcp, H2Limits.defaults(), new Gateway()));
        proxy = loops.listen(new InetSocketAddress(local, 0), this::tunnel);
        loop.execute(() -> HappyEyeballs.on(loop, Duration.ofSeconds(5)).dial(List.of(gateway.address()), result -> {
            TcpStream tcp = ((DialResult.Connected<TcpStream>) result).stream();
            H2ClientConnection.start(tcp, H2Limits.defaults(), new Ready());
        }));
        client.get(5, TimeUnit.SECONDS);
    }

    @AfterEach
    void stop() throws Exception {
        threads.shutdownNow();
        loops.close();
        upstream.close();
    }

    private static RelayOptions options() {
        return new RelayOptions(Duration.ofSeconds(30), Duration.ofSeconds(60), null, null, new byte[0]);
    }

    private void tunnel(TcpStream tcp) {
        client.join().open("up.example.com:443", new OpenHandler() {
            @Override
            public void opened(ByteStream tunnel) {
                Relay.start(tcp, tunnel, options(), (relay, end) -> ends.add(end));
            }

            @Override
            public void refused(int status, byte[] body) {
                tcp.reset();
            }

            @Override
            public void failed(boolean untouched, String detail) {
                tcp.reset();
            }
        });
    }

    private final class Ready implements H2ClientHandler {
        @Override
        public void ready(H2ClientConnection connection) {
            client.complete(connection);
        }

        @Override
        public void draining(H2ClientConnection connection) {}

        @Override
        public void closed(H2ClientConnection connection, H2Closed how) {
            closed.add(how);
        }
    }

    private final class Gateway implements H2ServerHandler {
        @Override
        public void connect(H2ConnectRequest request) {
            ByteStream tunnel = request.accept();
            InetSocketAddress address = new InetSocketAddress(upstream.getInetAddress(), upstream.getLocalPort());
            HappyEyeballs.on(loop, Duration.ofSeconds(5)).dial(List.of(address), result -> {
                if (result instanceof DialResult.Connected<TcpStream>(TcpStream tcp, InetSocketAddress at)) {
                    Relay.start(tunnel, tcp, options(), (relay, end) -> {});
                } else {
                    tunnel.reset();
                }
            });
        }

        @Override
        public void refused(int status, String detail) {}

        @Override
        public void closed(H2Closed how) {
            closed.add(how);
        }
    }

    private Socket dial() throws IOException {
        return new Socket(proxy.address().getAddress(), proxy.address().getPort());
    }

    private static byte[] pump(Random random, long length, OutputStream to) throws Exception {
        DigestOutputStream out = new DigestOutputStream(to, MessageDigest.getInstance("SHA-256"));
        byte[] chunk = new byte[60_000];
        for (long sent = 0; sent < length; ) {
            random.nextBytes(chunk);
            int part = (int) Math.min(length - sent, 1 + random.nextInt(chunk.length));
            out.write(chunk, 0, part);
            sent += part;
        }
        return out.getMessageDigest().digest();
    }

    private static byte[] drain(InputStream from) throws Exception {
        DigestInputStream in = new DigestInputStream(from, MessageDigest.getInstance("SHA-256"));
        in.transferTo(OutputStream.nullOutputStream());
        return in.getMessageDigest().digest();
    }

    @Test
    void carries_a_hundred_megabytes_unchanged_each_way_at_once() throws Exception {
        try (Socket near = dial();
                Socket far = upstream.accept()) {
            Future<byte[]> up = threads.submit(send(near, 1));
            Future<byte[]> down = threads.submit(send(far, 2));
            Future<byte[]> atFar = threads.submit(() -> drain(far.getInputStream()));
            Future<byte[]> atNear = threads.submit(() -> drain(near.getInputStream()));
            assertThat(atFar.get(50, TimeUnit.SECONDS)).isEqualTo(up.get());
            assertThat(atNear.get(50, TimeUnit.SECONDS)).isEqualTo(down.get());
        }
        Awaitility.await().until(() -> ends.contains(RelayEnd.CLEAN));
        assertThat(streams()).isZero();
    }

    private static Callable<byte[]> send(Socket socket, long seed) {
        return () -> {
            byte[] digest = pump(new Random(seed), 100_000_000, socket.getOutputStream());
            socket.shutdownOutput();
            return digest;
        };
    }

    private int streams() throws Exception {
        CompletableFuture<Integer> count = new CompletableFuture<>();
        loop.execute(() -> count.complete(client.join().streams()));
        return count.get(5, TimeUnit.SECONDS);
    }

    @Test
    void answers_after_a_half_close() throws Exception {
        try (Socket near = dial();
                Socket far = upstream.accept()) {
            near.getOutputStream().write("question".getBytes());
            near.shutdownOutput();
            assertThat(far.getInputStream().readAllBytes()).asString().isEqualTo("question");
            far.getOutputStream().write("answer".getBytes());
            far.shutdownOutput();
            assertThat(near.getInputStream().readAllBytes()).asString().isEqualTo("answer");
        }
    }

    @Test
    void passes_a_reset_on() throws Exception {
        try (Socket near = dial()) {
            Socket far = upstream.accept();
            far.setSoLinger(true, 0);
            far.close();
            near.setSoTimeout(5000);
            assertThat(readOrError(near)).isNotNull();
        }
        Awaitility.await().until(() -> streams() == 0);
    }

    @Test
    void tells_the_owners_when_the_loop_ends() throws Exception {
        try (Socket near = dial();
                Socket far = upstream.accept()) {
            near.getOutputStream().write(1);
            assertThat(far.getInputStream().read()).isOne();
            loops.close();
            assertThat(closed).hasSize(2);
            assertThat(ends).hasSize(1);
        }
    }

    private static @Nullable Exception readOrError(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read() < 0 ? new IOException("end") : null;
        } catch (IOException e) {
            return e;
        }
    }

    @Test
    void carries_hundreds_of_short_tunnels() throws Exception {
        Future<Integer> served = threads.submit(() -> {
            int count = 0;
            while (count < 400) {
                Socket far = upstream.accept();
                count++;
                threads.submit(() -> {
                    try (far) {
                        far.getInputStream().transferTo(far.getOutputStream());
                    }
                    return null;
                });
            }
            return count;
        });
        Queue<Future<Boolean>> all = new ArrayDeque<>();
        for (int i = 0; i < 400; i++) {
            long seed = i;
            all.add(threads.submit(() -> {
                byte[] bytes = new byte[20_000];
                new Random(seed).nextBytes(bytes);
                try (Socket near = dial()) {
                    near.getOutputStream().write(bytes);
                    near.shutdownOutput();
                    return java.util.Arrays.equals(near.getInputStream().readAllBytes(), bytes);
                }
            }));
        }
        List<Boolean> results = new ArrayList<>();
        for (Future<Boolean> each : all) {
            results.add(each.get(30, TimeUnit.SECONDS));
        }
        assertThat(results).hasSize(400).containsOnly(true);
        assertThat(served.get()).isEqualTo(400);
        Awaitility.await().until(() -> streams() == 0);
    }
}
