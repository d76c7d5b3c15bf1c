package dev.exeat.net;

import java.util.List;

/**
 * What a context offers.
 *
 * @param alpn application protocols in the order of preference; a peer that offers none of them goes on without one
 * @param tickets whether a server hands out session tickets (RFC 8446 section 4.6.1), under keys of this context
 *     alone and for no longer than the client's certificate is valid; a resumed peer is judged again. Clients never
 *     resume.
 * @param provider who does the work
 */
public record TlsOptions(List<String> alpn, boolean tickets, TlsLibrary provider) {
    public TlsOptions {
        alpn = List.copyOf(alpn);
    }

    /** BoringSSL without tickets. */
    public TlsOptions(List<String> alpn) {
        this(alpn, false, TlsLibrary.BORINGSSL);
    }
}
