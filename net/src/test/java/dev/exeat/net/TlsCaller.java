package dev.exeat.net;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A TLS client on one loop that keeps what each read brings. */
final class TlsCaller implements AutoCloseable {
    final EventLoops loops = EventLoops.start(new LoopOptions(1, "caller"));
    final BlockingQueue<TlsFacts> established = new LinkedBlockingQueue<>();
    final BlockingQueue<String> received = new LinkedBlockingQueue<>();
    final BlockingQueue<String> failures = new LinkedBlockingQueue<>();
    final TlsContext context;

    TlsCaller(TestCertificates certificates, TlsOptions options) throws Exception {
        context = TlsContext.client(certificates.identity("client"), certificates.trustRoot(), options);
    }

    /** Connects, and says these lines once the handshake has ended. */
    void dial(int port, String... lines) {
        EventLoop loop = loops.next();
        InetSocketAddress address = new InetSocketAddress(TlsRig.ANY.getAddress(), port);
        loop.execute(() -> loop.connect(address, new ConnectHandler() {
            @Override
            public void connected(TcpStream tcp) {
                TlsStream.connect(context, tcp, "gateway.test", Duration.ofMinutes(1), new Talk(lines));
            }

            @Override
            public void failed(IOException e) {
                failures.add("not connected");
            }
        }));
    }

    private final class Talk implements TlsHandler, ByteStream.Handler {
        private final String[] lines;

        Talk(String... lines) {
            this.lines = lines;
        }

        @Override
        public void established(TlsStream stream) {
            established.add(stream.facts());
            for (String line : lines) {
                stream.write(ByteBuffer.wrap((line + "\n").getBytes(US_ASCII)));
            }
            stream.handler(this);
        }

        @Override
        public void failed(TlsStream stream, TlsFailure failure) {
            failures.add(failure.toString());
        }

        @Override
        public void readable(ByteStream stream) {
            try {
                ByteBuffer bytes = stream.loop().scratch().bytes().clear();
                int read = stream.read(stream.loop().scratch());
                if (read > 0) {
                    received.add(US_ASCII.decode(bytes.flip()).toString());
                } else if (read < 0) {
                    stream.end();
                }
            } catch (StreamException e) {
                failures.add(String.valueOf(e.getMessage()));
                stream.reset();
            }
        }

        @Override
        public void writable(ByteStream stream) {}
    }

    @Override
    public void close() {
        loops.close();
        context.close();
    }
}
