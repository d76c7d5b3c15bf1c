package dev.exeat.net;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A relay between real sockets, whose ends the test holds: {@code client <-> relay <-> upstream}. */
final class RelayRig implements AutoCloseable {
    static final Duration LONG = Duration.ofMinutes(1);
    private static final InetSocketAddress ANY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    final EventLoops loops = EventLoops.start(new LoopOptions(1, "rig"));
    final EventLoop loop = loops.next();
    final BlockingQueue<RelayEnd> ends = new LinkedBlockingQueue<>();
    final BlockingQueue<Relay> relays = new LinkedBlockingQueue<>();
    final CompletableFuture<ByteStream> clientStream = new CompletableFuture<>();
    final Socket client;
    final Socket upstream;
    private final ServerSocket server;
    private final Listener listener;

    RelayRig(RelayOptions options) throws Exception {
        this(options, tcp -> tcp, (relay, end) -> {});
    }

    RelayRig(RelayOptions options, UnaryOperator<ByteStream> veil, RelayHandler also) throws Exception {
        server = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
        InetSocketAddress target = new InetSocketAddress(server.getInetAddress(), server.getLocalPort());
        listener = loops.listen(
                ANY,
                accepted -> accepted.loop().connect(target, new ConnectHandler() {
                    @Override
                    public void connected(TcpStream dialled) {
                        ByteStream from = veil.apply(accepted);
                        clientStream.complete(from);
                        relays.add(Relay.start(from, veil.apply(dialled), options, (relay, end) -> {
                            ends.add(end);
                            also.ended(relay, end);
                        }));
                    }

                    @Override
                    public void failed(IOException e) {
                        accepted.reset();
                    }
                }));
        client = new Socket(listener.address().getAddress(), listener.address().getPort());
        upstream = server.accept();
    }

    static RelayOptions plain() {
        return gated(null, null);
    }

    static RelayOptions gated(@Nullable Gate client, @Nullable Gate upstream) {
        return new RelayOptions(LONG, LONG, client, upstream, new byte[0]);
    }

    Relay relay() throws InterruptedException {
        Relay relay = relays.poll(5, TimeUnit.SECONDS);
        if (relay == null) {
            throw new IllegalStateException("no relay began");
        }
        return relay;
    }

    @Nullable
    RelayEnd end() throws InterruptedException {
        return ends.poll(10, TimeUnit.SECONDS);
    }

    static String digest(InputStream in) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        byte[] buffer = new byte[65536];
        for (int n; (n = in.read(buffer)) > 0; ) {
            digest.update(buffer, 0, n);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** On a thread of its own: several of these wait for each other. */
    static <T> CompletableFuture<T> async(Callable<T> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                result.complete(work.call());
            } catch (Exception e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }

    static CompletableFuture<String> digestLater(InputStream in) {
        return async(() -> digest(in));
    }

    @Override
    public void close() throws IOException {
        client.close();
        upstream.close();
        server.close();
        listener.close();
        loops.close();
    }
}
