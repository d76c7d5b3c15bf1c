package dev.exeat.model;

import java.util.Locale;

/**
 * Why a connection was not carried to its upstream. The code is a contract: it stands in records, metrics and
 * 403 bodies, and is never renamed. Each reason has the alert that a TLS client gets.
 */
public enum Reason {
    NOT_TLS(TlsAlert.UNEXPECTED_MESSAGE, "The client's first bytes are not a TLS ClientHello."),
    HELLO_TIMEOUT(TlsAlert.INTERNAL_ERROR, "No complete ClientHello arrived in time."),
    HELLO_TOO_LARGE(TlsAlert.DECODE_ERROR, "The ClientHello is larger than the limit."),
    HELLO_MALFORMED(TlsAlert.DECODE_ERROR, "The ClientHello breaks the rules of TLS."),
    HELLO_TRUNCATED(TlsAlert.DECODE_ERROR, "The client ended the connection within its ClientHello."),
    SNI_MISSING(TlsAlert.UNRECOGNIZED_NAME, "The ClientHello names no server."),
    SNI_INVALID(TlsAlert.UNRECOGNIZED_NAME, "The server name is not a valid host name."),
    SNI_MISMATCH(TlsAlert.ACCESS_DENIED, "The names that the client gave do not agree."),
    SNI_CHANGED(TlsAlert.ILLEGAL_PARAMETER, "A second ClientHello names another server."),
    AUTHORITY_INVALID(TlsAlert.UNRECOGNIZED_NAME, "The CONNECT authority is not a valid host and port."),
    PROTOCOL_INVALID(TlsAlert.UNEXPECTED_MESSAGE, "The client does not speak a tunnel protocol this listener knows."),
    HOST_UNKNOWN(TlsAlert.ACCESS_DENIED, "No ServiceEntry admits the host and port."),
    POLICY_DENIED(TlsAlert.ACCESS_DENIED, "A policy denies the connection."),
    POLICY_ERROR(TlsAlert.ACCESS_DENIED, "A policy could not be evaluated, so the connection is denied."),
    ADDRESS_FORBIDDEN(TlsAlert.ACCESS_DENIED, "The name resolves only to addresses that may not be dialled."),
    SELF_CONNECTION(TlsAlert.ACCESS_DENIED, "The name resolves to the gateway itself."),
    DNS_NXDOMAIN(TlsAlert.INTERNAL_ERROR, "The name does not exist, or has no addresses."),
    DNS_TIMEOUT(TlsAlert.INTERNAL_ERROR, "The name servers did not answer in time."),
    DNS_ERROR(TlsAlert.INTERNAL_ERROR, "The name servers answered with an error."),
    DNS_TOO_LARGE(TlsAlert.INTERNAL_ERROR, "The name servers' answer has more octets than it may."),
    DNS_TOO_MANY(TlsAlert.INTERNAL_ERROR, "The name servers' answer has more records than it may."),
    DNS_TOO_DEEP(TlsAlert.INTERNAL_ERROR, "The name's chain of CNAME records is longer than it may be."),
    DIAL_FAILED(TlsAlert.INTERNAL_ERROR, "No address of the upstream accepted the connection."),
    DIAL_TIMEOUT(TlsAlert.INTERNAL_ERROR, "No address of the upstream answered in time."),
    NOT_REDIRECTED(TlsAlert.INTERNAL_ERROR, "The connection came to the transparent listener without a redirect."),
    REDIRECT_LOOP(TlsAlert.INTERNAL_ERROR, "The workload proxy's own traffic was redirected to it."),
    GATEWAY_UNREACHABLE(TlsAlert.INTERNAL_ERROR, "The workload proxy has no connection to a gateway."),
    GATEWAY_DENIED(TlsAlert.ACCESS_DENIED, "The gateway refused the tunnel."),
    HANDSHAKE_FAILED(TlsAlert.INTERNAL_ERROR, "The outer TLS handshake failed."),
    HANDSHAKE_TIMEOUT(TlsAlert.INTERNAL_ERROR, "The outer TLS handshake did not end in time."),
    IDENTITY_INVALID(TlsAlert.ACCESS_DENIED, "The client's certificate is not a valid SVID of this trust domain."),
    IDENTITY_REVOKED(TlsAlert.ACCESS_DENIED, "The client's SVID is revoked."),
    LIMIT_GLOBAL(TlsAlert.INTERNAL_ERROR, "The gateway carries as many connections as it may."),
    LIMIT_SOURCE(TlsAlert.INTERNAL_ERROR, "The source address has as many connections as it may."),
    LIMIT_IDENTITY(TlsAlert.INTERNAL_ERROR, "The identity has as many connections as it may."),
    LIMIT_RATE(TlsAlert.INTERNAL_ERROR, "The identity opens connections faster than it may."),
    LIMIT_TUNNELS(TlsAlert.INTERNAL_ERROR, "The client's connection has as many tunnels as it may."),
    LOG_FULL(TlsAlert.INTERNAL_ERROR, "A log that may lose no line has no room for those of the connection."),
    PROTOCOL_ABUSE(TlsAlert.INTERNAL_ERROR, "The client's HTTP/2 connection cost more than it carried."),
    CLIENT_GONE(TlsAlert.INTERNAL_ERROR, "The client ended the connection before a verdict."),
    KILLED(TlsAlert.INTERNAL_ERROR, "An operator ended the connection."),
    DRAINING(TlsAlert.INTERNAL_ERROR, "The gateway is shutting down and takes no new connections."),
    INTERNAL_ERROR(TlsAlert.INTERNAL_ERROR, "A fault in Exeat; its own log says more.");

    private final TlsAlert alert;
    private final String description;
    private final String code = name().toLowerCase(Locale.ROOT);

    Reason(TlsAlert alert, String description) {
        this.alert = alert;
        this.description = description;
    }

    /** The contract's spelling, {@code snake_case}. */
    public String code() {
        return code;
    }

    public TlsAlert alert() {
        return alert;
    }

    /** One sentence for people. */
    public String description() {
        return description;
    }
}
