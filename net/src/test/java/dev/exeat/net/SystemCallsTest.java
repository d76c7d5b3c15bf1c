package dev.exeat.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A short connection makes no more system calls than it must: they are most of what it costs. */
@Timeout(60)
class SystemCallsTest {
    private static final Architecture A = Kernel.ARCHITECTURE;

    private static final class CountingKernel extends Kernel {
        private final ConcurrentMap<Integer, Integer> calls = new ConcurrentHashMap<>();

        CountingKernel(Arena arena) {
            super(arena);
        }

        int count(int number) {
            return calls.getOrDefault(number, 0);
        }

        @Override
        long call(int number, long a, long b, long c, long d, long e, long f) {
            calls.merge(number, 1, Integer::sum);
            return super.call(number, a, b, c, d, e, f);
        }
    }

    private static CompletableFuture<TcpStream> dial(EventLoop loop, ServerSocket to) {
        CompletableFuture<TcpStream> connected = new CompletableFuture<>();
        loop.execute(
                () -> loop.connect(new InetSocketAddress(to.getInetAddress(), to.getLocalPort()), new ConnectHandler() {
                    @Override
                    public void connected(TcpStream stream) {
                        connected.complete(stream);
                    }

                    @Override
                    public void failed(IOException e) {
                        connected.completeExceptionally(e);
                    }
                }));
        return connected;
    }

    private static void exchange(Socket from, Socket to, int length) throws IOException {
        from.getOutputStream().write(new byte[length]);
        assertThat(to.getInputStream().readNBytes(length)).hasSize(length);
    }

    @Test
    void a_relayed_connection_costs_no_call_that_can_be_spared() throws Exception {
        CompletableFuture<CountingKernel> made = new CompletableFuture<>();
        BlockingQueue<RelayEnd> ends = new LinkedBlockingQueue<>();
        try (EventLoop loop = EventLoop.start("counted", arena -> {
                    made.complete(new CountingKernel(arena));
                    return made.join();
                });
                ServerSocket server = new ServerSocket(0, 2, TlsRig.ANY.getAddress())) {
            CountingKernel kernel = made.join();
            int watchedBefore = kernel.count(A.epollCtl());
            CompletableFuture<TcpStream> first = dial(loop, server);
            try (Socket client = server.accept()) {
                CompletableFuture<TcpStream> second = dial(loop, server);
                try (Socket upstream = server.accept()) {
                    TcpStream from = first.join();
                    TcpStream to = second.join();
                    loop.execute(() -> Relay.start(from, to, RelayRig.plain(), (relay, end) -> ends.add(end)));
                    exchange(client, upstream, 517);
                    exchange(upstream, client, 3000);
                    client.shutdownOutput();
                    assertThat(upstream.getInputStream().read()).isEqualTo(-1);
                }
            }

            assertThat(ends.poll(10, TimeUnit.SECONDS)).isEqualTo(RelayEnd.CLEAN);
            await().until(() -> kernel.count(A.close()) == 2);
            assertThat(kernel.count(A.socket())).isEqualTo(2);
            assertThat(kernel.count(A.setsockopt()))
                    .as("TCP_NODELAY and TCP_DEFER_ACCEPT, each")
                    .isEqualTo(4);
            assertThat(kernel.count(A.getsockopt())).isZero();
            assertThat(kernel.count(A.getsockname())).isZero();
            assertThat(kernel.count(A.epollCtl()) - watchedBefore).isEqualTo(2);
            assertThat(kernel.count(A.shutdown()))
                    .as("the client's end, passed on")
                    .isEqualTo(1);
            assertThat(kernel.count(A.sendto())).isEqualTo(2);
        }
    }
}
