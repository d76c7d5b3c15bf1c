package dev.exeat.net;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

/** A relay on a faulty loop that dials to both of its ends, which the test holds as plain sockets. */
final class FaultyRig implements AutoCloseable {
    private static final Duration LONG = Duration.ofMinutes(1);

    final BlockingQueue<String> ends = new LinkedBlockingQueue<>();
    final CompletableFuture<ByteStream> clientStream = new CompletableFuture<>();
    final Socket client;
    final Socket upstream;
    final FaultyKernel kernel;
    private final EventLoop loop;

    /** @param context the TLS towards the client; null for none */
    FaultyRig(TlsContext context, long seed, int resetAt) throws Exception {
        CompletableFuture<FaultyKernel> made = new CompletableFuture<>();
        loop = EventLoop.start("faulty", arena -> {
            made.complete(new FaultyKernel(arena, seed, resetAt));
            return made.join();
        });
        kernel = made.join();
        try (ServerSocket server = new ServerSocket(0, 2, TlsRig.ANY.getAddress())) {
            InetSocketAddress target = new InetSocketAddress(server.getInetAddress(), server.getLocalPort());
            // One after the other, so that it is known which of the two was accepted.
            CompletableFuture<TcpStream> first = dial(target);
            client = server.accept();
            CompletableFuture<TcpStream> second = dial(target);
            upstream = server.accept();
            TcpStream clientTcp = first.get();
            TcpStream upstreamTcp = second.get();
            run(() -> join(context, clientTcp, upstreamTcp));
        }
        client.setSoTimeout(20_000);
        upstream.setSoTimeout(20_000);
    }

    void run(Runnable task) {
        loop.execute(task);
    }

    private CompletableFuture<TcpStream> dial(InetSocketAddress target) {
        CompletableFuture<TcpStream> connected = new CompletableFuture<>();
        loop.execute(() -> loop.connect(target, new ConnectHandler() {
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

    private void join(TlsContext context, TcpStream client, TcpStream upstream) {
        Consumer<ByteStream> relay = stream -> {
            clientStream.complete(stream);
            Relay.start(stream, upstream, RelayRig.plain(), (r, end) -> ends.add(end.name()));
        };
        if (context == null) {
            relay.accept(client);
            return;
        }
        TlsStream.accept(context, client, LONG, new TlsHandler() {
            @Override
            public void established(TlsStream stream) {
                relay.accept(stream);
            }

            @Override
            public void failed(TlsStream stream, TlsFailure failure) {
                ends.add(failure.kind().name());
                upstream.reset();
            }
        });
    }

    /** Waits until the loop watches no connection any more. */
    void awaitNothingWatched() {
        await().atMost(Duration.ofSeconds(10)).until(() -> {
            CompletableFuture<Integer> watched = new CompletableFuture<>();
            loop.execute(() -> watched.complete(loop.watched()));
            return watched.get() == 0;
        });
    }

    @Override
    public void close() throws IOException {
        client.close();
        upstream.close();
        loop.close();
    }
}
