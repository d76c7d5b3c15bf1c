package dev.exeat.net;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Brings a session from its first octet to an agreement or a failure, by a deadline. Confined to its loop. */
final class TlsHandshake {

    /** Hears how it ended: of one of both, once, unless it is cancelled before. */
    interface Outcome {
        void agreed(TlsFacts facts);

        void failed(TlsFailure failure);
    }

    private static final int LONGEST_DETAIL = 256;

    private final TlsContext context;
    private final TlsTransport transport;
    private final Outcome outcome;
    private final Timeout deadline;
    private boolean over;

    /** @param limit from now on, however much arrives */
    TlsHandshake(TlsContext context, TlsTransport transport, Duration limit, Outcome outcome) {
        this.context = context;
        this.transport = transport;
        this.outcome = outcome;
        this.deadline = transport
                .tcp()
                .loop()
                .schedule(limit, () -> fail(TlsFailure.Kind.TIMEOUT, "the handshake did not end in time"));
    }

    /** Goes as far as what has arrived allows. */
    void advance() {
        if (over) {
            return;
        }
        TlsFacts facts;
        try {
            facts = shake();
        } catch (TlsException e) {
            transport.sendAlert();
            fail(e.kind(), e.detail());
            return;
        } catch (StreamException e) {
            broke(e);
            return;
        }
        if (facts != null && !over) {
            cancel();
            outcome.agreed(facts);
        }
    }

    /** What was agreed on, or null if more has to arrive. */
    private @Nullable TlsFacts shake() {
        TlsSession session = transport.session();
        boolean answered;
        int received;
        do {
            if (session.handshake() == TlsSession.Step.DONE) {
                return agree(session);
            }
            session.clearInput();
            answered = session.hasOutput();
            transport.sendOwnOutput();
            received = transport.in().receive();
        } while (received > 0);
        if (received < 0) {
            throw new TlsException(TlsFailure.Kind.RESET, "the peer ended the connection during the handshake");
        }
        if (!answered) {
            transport.tcp().acknowledge();
        }
        return null;
    }

    private TlsFacts agree(TlsSession session) {
        transport.in().keep();
        TlsFacts facts = session.facts();
        PeerVerdict verdict = facts.resumed() ? context.judge(facts.peerChainDer()) : PeerVerdict.OK;
        if (verdict != PeerVerdict.OK) {
            session.closeNotify();
            throw new TlsException(
                    TlsFailure.Kind.BAD_CERTIFICATE, "the certificate of a resumed session is refused now: " + verdict);
        }
        boolean answered = session.hasOutput();
        transport.sendOwnOutput();
        IoBuffer sink = transport.tcp().loop().memory().cipherOut();
        int tickets = session.flush(sink.address(), sink.bytes().capacity());
        transport.out().send(sink, tickets);
        if (!answered && tickets == 0) {
            transport.tcp().acknowledge();
        }
        return facts;
    }

    /** The connection broke. */
    void broke(StreamException e) {
        fail(TlsFailure.Kind.RESET, String.valueOf(e.getMessage()));
    }

    private void fail(TlsFailure.Kind kind, String detail) {
        if (!over) {
            cancel();
            outcome.failed(new TlsFailure(kind, printable(detail)));
        }
    }

    /** Nobody hears of it any more. */
    void cancel() {
        over = true;
        deadline.cancel();
    }

    /** A peer's words as one line of printable ASCII. */
    static String printable(String text) {
        StringBuilder line = new StringBuilder(Math.min(text.length(), LONGEST_DETAIL));
        text.chars().limit(LONGEST_DETAIL).forEach(c -> line.append(c >= 0x20 && c < 0x7f ? (char) c : '?'));
        return line.toString();
    }
}
