package dev.exeat.cli.settings;

import java.time.Duration;

/**
 * What one peer may have of a gateway; each is at least 1.
 *
 * @param handshakeTimeout from accept to the end of the outer handshake, more than 0
 * @param connectionsPerSource connections of one source address at one time
 * @param connectionsPerIdentity connections of one identity at one time
 * @param rate new connections of one identity in a second
 * @param burst new connections of one identity at once
 * @param http2 what one HTTP/2 connection may cost
 */
public record PeerSettings(
        Duration handshakeTimeout,
        int connectionsPerSource,
        int connectionsPerIdentity,
        int rate,
        int burst,
        Http2Settings http2) {}
