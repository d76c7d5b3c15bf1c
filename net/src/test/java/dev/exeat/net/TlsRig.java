package dev.exeat.net;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A TLS server on one loop that hands each line back in capitals, and ends when its client ends. */
final class TlsRig implements AutoCloseable {
    static final InetSocketAddress ANY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    final EventLoops loops = EventLoops.start(new LoopOptions(1, "rig"));
    final EventLoop loop = loops.next();
    final BlockingQueue<TlsFacts> established = new LinkedBlockingQueue<>();
    final BlockingQueue<TlsFailure> failures = new LinkedBlockingQueue<>();
    final BlockingQueue<String> ends = new LinkedBlockingQueue<>();
    final TlsContext context;
    final Listener listener;
    private final Path directory;

    TlsRig(TestCertificates certificates, PeerVerifier verifier, TlsOptions options) throws Exception {
        this(certificates, verifier, options, Duration.ofMinutes(1));
    }

    TlsRig(TestCertificates certificates, PeerVerifier verifier, TlsOptions options, Duration deadline)
            throws Exception {
        directory = certificates.directory();
        context = TlsContext.server(certificates.identity("server"), verifier, options);
        listener = loops.listen(ANY, tcp -> TlsStream.accept(context, tcp, deadline, new Shouting()));
    }

    private final class Shouting implements TlsHandler {
        @Override
        public void established(TlsStream stream) {
            established.add(stream.facts());
            stream.handler(new Pump(stream));
        }

        @Override
        public void failed(TlsStream stream, TlsFailure failure) {
            failures.add(failure);
        }
    }

    private final class Pump implements ByteStream.Handler {
        private final TlsStream tls;
        private byte[] left = new byte[0];
        private boolean ended;

        Pump(TlsStream tls) {
            this.tls = tls;
        }

        @Override
        public void readable(ByteStream stream) {
            pump(stream);
        }

        @Override
        public void writable(ByteStream stream) {
            pump(stream);
        }

        private void pump(ByteStream stream) {
            try {
                while (flush(stream) && !ended) {
                    ByteBuffer bytes = stream.loop().scratch().bytes().clear();
                    int read = stream.read(stream.loop().scratch());
                    if (read == 0) {
                        return;
                    }
                    if (read < 0) {
                        ended = true;
                        ends.add(tls.isTruncated() ? "truncated" : "close_notify");
                        stream.end();
                        return;
                    }
                    bytes.flip();
                    left = US_ASCII.decode(bytes)
                            .toString()
                            .toUpperCase(Locale.ROOT)
                            .getBytes(US_ASCII);
                }
            } catch (StreamException e) {
                ends.add(e.kind() + ": " + e.getMessage());
                stream.reset();
            }
        }

        private boolean flush(ByteStream stream) {
            ByteBuffer rest = ByteBuffer.wrap(left);
            stream.write(rest);
            left = Arrays.copyOfRange(left, rest.position(), left.length);
            return left.length == 0;
        }
    }

    Process openssl(String... more) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                "timeout",
                "15",
                "openssl",
                "s_client",
                "-connect",
                "127.0.0.1:" + listener.address().getPort()));
        command.addAll(List.of(more));
        return new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
    }

    /** Runs a session that sends one line and ends; answers what openssl said. */
    String opensslSays(String line, String... more) throws IOException {
        Process client = openssl(more);
        client.getOutputStream().write(line.getBytes(US_ASCII));
        client.getOutputStream().close();
        return new String(client.getInputStream().readAllBytes(), US_ASCII);
    }

    @Override
    public void close() {
        listener.close();
        loops.close();
        context.close();
    }
}
