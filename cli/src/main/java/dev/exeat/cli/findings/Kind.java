package dev.exeat.cli.findings;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** In which way connections stand out. */
enum Kind {
    /** A client went to a host to which it never went before. */
    FIRST_SEEN,
    /** The ClientHello carries encrypted_client_hello, real or GREASE. */
    ECH,
    /** The ClientHello names no server. */
    NO_SNI,
    /** The names that the client gave do not agree. */
    NAME_MISMATCH,
    /** The name led to an address that is private, or otherwise not of the public internet. */
    PRIVATE_ADDRESS,
    /** The ClientHello offers no TLS 1.3. */
    OLD_TLS,
    /** Far more octets than connections of this client to this host usually carry. */
    UNUSUAL_BYTES;

    /** As in options, suppressions and answers. */
    String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Optional<Kind> of(String code) {
        return Arrays.stream(values()).filter(kind -> kind.code().equals(code)).findFirst();
    }

    static String codes() {
        return Arrays.stream(values()).map(Kind::code).collect(Collectors.joining(", "));
    }
}
