package dev.exeat.hello;

import dev.exeat.model.HelloFacts;
import dev.exeat.model.Reason;
import dev.exeat.model.TlsAlert;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Watches a connection whose first ClientHello has been forwarded, until no second ClientHello with another name can
 * follow. After a HelloRetryRequest the client sends its hello again and must not change the name (RFC 8446 section
 * 4.1.2), but servers are known to take the second name without comparing.
 *
 * <pre>
 *  AWAITING_ANSWER ── ServerHello, or no TLS ──────────────────────────► DONE
 *        └── HelloRetryRequest ──► AWAITING_SECOND ── the same name ──────► DONE
 *  a handshake record from the client too early, another name, a broken record ──► VIOLATED
 * </pre>
 *
 * <p>Octets that wait for more are held by the caller: at most one record header, and a second ClientHello as long
 * as {@link HelloReader} allows. When {@link #done()} turns true by the server's octets, what is held of the client's
 * may go. One per connection; not thread-safe.
 */
public final class HelloWatcher {
    private enum State {
        AWAITING_ANSWER,
        AWAITING_SECOND,
        DONE,
        VIOLATED
    }

    private static final int CHANGE_CIPHER_SPEC = 20;
    private static final int ALERT = 21;
    private static final int APPLICATION_DATA = 23;

    /** What a protected record may hold at most in TLS 1.2 (RFC 5246 section 6.2.3). */
    private static final int MAX_CIPHERTEXT = 16_384 + 2_048;

    private final HelloFacts first;
    private final int limit;
    private final ServerAnswer answer = new ServerAnswer();
    private State state = State.AWAITING_ANSWER;
    private HelloProgress.@Nullable Refused violation;
    private int recordLeft;
    private boolean cipherSpecSeen;
    private @Nullable HelloReader second;
    private int withheld;

    /**
     * @param first the facts of the hello that was forwarded
     * @param limit the largest second ClientHello, in octets
     */
    public HelloWatcher(HelloFacts first, int limit) {
        this.first = first;
        this.limit = limit;
    }

    /**
     * Looks at the client's octets after its first hello.
     *
     * @param held all octets that have not been forwarded, oldest first; its position stays. Trailing data that came
     *     with the first hello counts
     * @return how many of the first octets may be forwarded now; 0 to wait for more; -1 at a violation, when none may
     */
    public int client(ByteBuffer held) {
        return switch (state) {
            case DONE -> held.remaining();
            case VIOLATED -> -1;
            default -> inspectClient(held);
        };
    }

    /** The same for the server's octets, of which none are ever held back. */
    public int server(ByteBuffer held) {
        if (state == State.AWAITING_ANSWER) {
            try {
                switch (answer.feed(held.duplicate())) {
                    case UNDECIDED -> {
                        // More of the answer must come.
                    }
                    case RETRY -> {
                        state = State.AWAITING_SECOND;
                        // One before the answer, with 0-RTT data, and one after it (RFC 8446 appendix D.4).
                        cipherSpecSeen = false;
                    }
                    case NO_RETRY -> state = State.DONE;
                }
            } catch (HelloException e) {
                violated(e.refused());
            }
        }
        return state == State.VIOLATED ? -1 : held.remaining();
    }

    /** Nothing is left to watch: both directions may be relayed freely. */
    public boolean done() {
        return state == State.DONE;
    }

    /** What broke the rules, or null as long as nothing has. */
    public HelloProgress.@Nullable Refused violation() {
        return violation;
    }

    private int inspectClient(ByteBuffer held) {
        ByteBuffer rest = held.duplicate();
        try {
            passRecords(rest);
            if (second != null) {
                return rest.position() - held.position() + inspectSecond(second, rest);
            }
        } catch (HelloException e) {
            violated(e.refused());
            return -1;
        }
        return rest.position() - held.position();
    }

    /** Moves {@code rest} past all that may go: up to a second hello, an incomplete header or its end. */
    private void passRecords(ByteBuffer rest) {
        while (second == null && rest.hasRemaining()) {
            if (recordLeft > 0) {
                int passing = Math.min(recordLeft, rest.remaining());
                rest.position(rest.position() + passing);
                recordLeft -= passing;
                continue;
            }
            int type = rest.get(rest.position()) & 0xff;
            if (type == HelloReader.HANDSHAKE && state == State.AWAITING_SECOND) {
                second = new HelloReader(limit);
                return;
            }
            refuseType(type);
            if (rest.remaining() < HelloReader.RECORD_HEADER) {
                return;
            }
            recordLeft = recordLength(type, rest);
            rest.position(rest.position() + HelloReader.RECORD_HEADER);
        }
    }

    private void refuseType(int type) {
        switch (type) {
            case APPLICATION_DATA, ALERT -> {
                // 0-RTT data, or the client gives up.
            }
            case CHANGE_CIPHER_SPEC -> {
                if (cipherSpecSeen) {
                    throw unexpected("the client repeats change_cipher_spec before the server's answer");
                }
            }
            case HelloReader.HANDSHAKE ->
                throw unexpected("the client sends a second handshake message before the server's answer");
            default -> throw unexpected("the client sends a record of type " + type + " after its ClientHello");
        }
    }

    private int recordLength(int type, ByteBuffer header) {
        int at = header.position();
        if (header.get(at + 1) != 3) {
            throw HelloException.malformed(
                    TlsAlert.PROTOCOL_VERSION, "a record after the ClientHello has a major version other than 3");
        }
        int length = ((header.get(at + 3) & 0xff) << 8) | (header.get(at + 4) & 0xff);
        if (length > MAX_CIPHERTEXT) {
            throw HelloException.malformed(
                    TlsAlert.RECORD_OVERFLOW, "a record after the ClientHello claims " + length + " octets");
        }
        if (type == CHANGE_CIPHER_SPEC) {
            if (length != 1) {
                throw unexpected("the client's change_cipher_spec is not one octet long");
            }
            cipherSpecSeen = true;
        }
        return length;
    }

    /** How many octets of {@code rest}, which starts with the second hello, may go: none before all of it is checked. */
    private int inspectSecond(HelloReader reader, ByteBuffer rest) {
        ByteBuffer fresh = rest.duplicate();
        fresh.position(rest.position() + withheld);
        withheld = rest.remaining();
        return switch (reader.feed(fresh)) {
            case HelloProgress.NeedMore _ -> 0;
            case HelloProgress.Refused refused -> throw ofSecond(refused);
            case HelloProgress.Complete complete -> {
                requireSame(complete.facts());
                state = State.DONE;
                second = null;
                yield withheld;
            }
        };
    }

    private static HelloException ofSecond(HelloProgress.Refused refused) {
        if (refused.reason() == Reason.SNI_MISSING || refused.reason() == Reason.SNI_INVALID) {
            return changed(refused.detail());
        }
        return new HelloException(refused.reason(), refused.alert(), "second ClientHello: " + refused.detail());
    }

    private void requireSame(HelloFacts again) {
        if (!again.rawName().equals(first.rawName())) {
            throw changed("\"" + again.serverName() + "\" instead of \"" + first.serverName() + "\"");
        }
        // A policy may forbid ECH, and was asked about the first hello only.
        if (again.ech() && !first.ech()) {
            throw HelloException.malformed(
                    TlsAlert.ILLEGAL_PARAMETER, "the second ClientHello adds encrypted_client_hello");
        }
    }

    private void violated(HelloProgress.Refused refused) {
        violation = refused;
        state = State.VIOLATED;
        second = null;
    }

    private static HelloException changed(String detail) {
        return new HelloException(Reason.SNI_CHANGED, TlsAlert.ILLEGAL_PARAMETER, "second ClientHello: " + detail);
    }

    private static HelloException unexpected(String detail) {
        return HelloException.malformed(TlsAlert.UNEXPECTED_MESSAGE, detail);
    }
}
