package dev.exeat.proxy.workload;

import dev.exeat.model.HostPort;
import dev.exeat.model.Reason;
import dev.exeat.proxy.http1.ConnectHead;
import dev.exeat.proxy.http1.ConnectRequestReader;
import dev.exeat.proxy.http1.HttpAnswers;
import dev.exeat.proxy.http1.Refusal;
import dev.exeat.proxy.socks.Socks5Reader;
import dev.exeat.proxy.socks.SocksReply;
import dev.exeat.proxy.socks.SocksStep;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Reads what an application asks of its proxy: SOCKS5 or an HTTP CONNECT, told apart by the first byte. Not thread-safe. */
final class RequestReader {

    /** What is known of the request after some of its bytes. */
    sealed interface Step {}

    record Incomplete() implements Step {}

    /** Bytes to be sent, after which the reading goes on. */
    record Answer(ByteBuffer bytes) implements Step {}

    /** Not a request that can be served: the bytes are sent and the connection ended. */
    record Refused(ByteBuffer bytes, Reason reason, String detail) implements Step {}

    /**
     * A tunnel is asked for; what follows the request is still in the buffer.
     *
     * @param target null where only an address was named, so that the ClientHello must name the host
     */
    record Request(@Nullable HostPort target, int port, boolean socks) implements Step {
        ByteBuffer established() {
            return socks ? SocksReply.SUCCEEDED.bytes() : HttpAnswers.established();
        }

        /** The gateway's own refusal, passed on. */
        ByteBuffer refused(int status, byte[] json) {
            return socks
                    ? SocksReply.NOT_ALLOWED.bytes()
                    : HttpAnswers.answer(status, GatewayAnswer.reasonCode(json), json);
        }

        ByteBuffer refused(Reason reason, String detail) {
            return socks
                    ? SocksReply.of(reason).bytes()
                    : HttpAnswers.refusal(HttpAnswers.statusOf(reason), refusal(reason, detail));
        }
    }

    private static final byte SOCKS5 = 5;
    private static final byte SOCKS4 = 4;
    private static final Step INCOMPLETE = new Incomplete();

    private @Nullable ConnectRequestReader http;
    private @Nullable Socks5Reader socks;

    /** Takes bytes up to the end of a message. */
    Step read(ByteBuffer bytes) {
        if (http == null && socks == null) {
            byte first = bytes.get(bytes.position());
            if (first == SOCKS5 || first == SOCKS4) {
                socks = new Socks5Reader();
            } else {
                http = new ConnectRequestReader();
            }
        }
        return socks != null ? readSocks(socks, bytes) : http != null ? readHttp(http, bytes) : INCOMPLETE;
    }

    private static Step readSocks(Socks5Reader reader, ByteBuffer bytes) {
        return switch (reader.read(bytes)) {
            case SocksStep.Incomplete _ -> INCOMPLETE;
            case SocksStep.Answer answer -> new Answer(answer.bytes());
            case SocksStep.Tunnel(HostPort target) -> new Request(target, target.port(), true);
            case SocksStep.Literal literal -> new Request(null, literal.port(), true);
            case SocksStep.Refused refused -> new Refused(refused.bytes(), refused.reason(), refused.detail());
        };
    }

    private static Step readHttp(ConnectRequestReader reader, ByteBuffer bytes) {
        return switch (reader.read(bytes)) {
            case ConnectHead.Incomplete _ -> INCOMPLETE;
            case ConnectHead.Tunnel(HostPort target) -> new Request(target, target.port(), false);
            case ConnectHead.Refused refused ->
                new Refused(
                        HttpAnswers.refusal(refused.status(), refusal(refused.reason(), refused.detail())),
                        refused.reason(),
                        refused.detail());
        };
    }

    private static Refusal refusal(Reason reason, String detail) {
        String message = detail.isEmpty() ? reason.description() : detail;
        return new Refusal(reason, message, null, "", whatToDo(reason));
    }

    private static String whatToDo(Reason reason) {
        return switch (reason) {
            case GATEWAY_UNREACHABLE ->
                "Check that a gateway runs at the addresses given with --gateway, and see the workload proxy's log.";
            case AUTHORITY_INVALID -> "Ask for a host name and a port, as in CONNECT en.wikipedia.org:443.";
            default -> "Use this address as an HTTP CONNECT or SOCKS5 proxy for TLS connections.";
        };
    }
}
