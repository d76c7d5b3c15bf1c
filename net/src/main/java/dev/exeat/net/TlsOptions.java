package dev.exeat.net;

import java.util.List;

/**
 * What a context offers.
 *
 * @param alpn application protocols in the order of preference; a peer that offers none of them goes on without one
 */
public record TlsOptions(List<String> alpn) {
    public TlsOptions {
        alpn = List.copyOf(alpn);
    }
}
