package dev.exeat.net;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;

/** A TLS server that relays to the least of a web site: the body that one request brings is the answer. */
final class EchoSite implements AutoCloseable {
    private final EventLoops loops = EventLoops.start(new LoopOptions(1, "site"));
    private final ServerSocket site = new ServerSocket(0, 16, TlsRig.ANY.getAddress());
    private final TlsContext context;
    private final Listener listener;

    EchoSite(TestCertificates certificates, TlsOptions options) throws Exception {
        context = TlsContext.server(certificates.identity("server"), certificates.trustRoot(), options);
        listener = loops.listen(TlsRig.ANY, tcp -> TlsStream.accept(context, tcp, Duration.ofMinutes(1), new ToSite()));
        RelayRig.async(this::serve);
    }

    int port() {
        return listener.address().getPort();
    }

    private final class ToSite implements TlsHandler {
        @Override
        public void established(TlsStream stream) {
            InetSocketAddress target = new InetSocketAddress(site.getInetAddress(), site.getLocalPort());
            stream.loop().connect(target, new ConnectHandler() {
                @Override
                public void connected(TcpStream upstream) {
                    Relay.start(stream, upstream, RelayRig.plain(), (relay, end) -> {});
                }

                @Override
                public void failed(IOException e) {
                    stream.reset();
                }
            });
        }

        @Override
        public void failed(TlsStream stream, TlsFailure failure) {}
    }

    private boolean serve() throws IOException {
        try (Socket socket = site.accept()) {
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                head.append((char) socket.getInputStream().read());
            }
            int length = Integer.parseInt(head.toString().replaceAll("(?is).*content-length: (\\d+).*", "$1"));
            byte[] body = socket.getInputStream().readNBytes(length);
            OutputStream out = socket.getOutputStream();
            out.write(("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: " + length + "\r\n\r\n")
                    .getBytes(US_ASCII));
            out.write(body);
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        loops.close();
        context.close();
        site.close();
    }
}
