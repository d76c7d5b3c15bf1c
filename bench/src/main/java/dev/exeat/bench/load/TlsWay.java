package dev.exeat.bench.load;

import dev.exeat.bench.wire.AppTls;
import dev.exeat.net.ByteStream;
import dev.exeat.net.TcpStream;
import dev.exeat.net.TlsContext;
import dev.exeat.net.TlsFailure;
import dev.exeat.net.TlsHandler;
import dev.exeat.net.TlsStream;
import java.time.Duration;

/** Mutual TLS over each TCP connection, with a full handshake. The outer ClientHello names the same host as the inner one. */
final class TlsWay implements Way {
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private final TcpWay tcp;
    private final TlsContext context;

    TlsWay(TcpWay tcp, TlsContext context) {
        this.tcp = tcp;
        this.context = context;
    }

    @Override
    public void open(Opened then) {
        tcp.open(new Opened() {
            @Override
            public void opened(ByteStream stream) {
                TlsStream.connect(context, (TcpStream) stream, AppTls.HOST, DEADLINE, new Handshake(then));
            }

            @Override
            public void failed(String detail) {
                then.failed(detail);
            }
        });
    }

    private record Handshake(Opened then) implements TlsHandler {
        @Override
        public void established(TlsStream stream) {
            then.opened(stream);
        }

        @Override
        public void failed(TlsStream stream, TlsFailure failure) {
            then.failed("TLS: " + failure);
        }
    }

    @Override
    public void close() {
        tcp.close();
    }
}
