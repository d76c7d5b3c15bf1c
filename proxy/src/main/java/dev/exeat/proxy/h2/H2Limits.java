package dev.exeat.proxy.h2;

import java.time.Duration;

/**
 * What one HTTP/2 connection may cost. Whatever a peer can make grow has its bound here; a peer that goes past one is
 * answered with GOAWAY ENHANCE_YOUR_CALM where the protocol has no error of its own for it.
 *
 * @param concurrentStreams how many tunnels the peer may have open at once (a client lets its server open none)
 * @param headerList octets of one header list, counted as RFC 9113 section 6.5.2 says (name, value and 32 each)
 * @param streamWindow octets of a tunnel that the peer may send ahead of its reader, and so the most that is held
 * @param connectionWindow octets of all tunnels together that may be under way
 * @param connectionBuffer octets of all tunnels together that may wait for their readers; the peer is held back beyond
 * @param abuse of what costs more than it carries, so many of each kind per {@code interval}
 * @param interval over which the above are counted
 * @param keepAlive after how long without a byte from the peer a PING is sent; the connection is given up when the same
 *     time passes again in silence. Zero means never
 * @param settingsTimeout within which the peer's preface and first SETTINGS and its acknowledgement of ours must come
 */
public record H2Limits(
        int concurrentStreams,
        int headerList,
        int streamWindow,
        int connectionWindow,
        int connectionBuffer,
        AbuseLimits abuse,
        Duration interval,
        Duration keepAlive,
        Duration settingsTimeout) {

    public H2Limits {
        if (concurrentStreams < 1
                || headerList < 256
                || streamWindow < 65_535
                || connectionWindow < streamWindow
                || connectionBuffer < connectionWindow) {
            throw new IllegalArgumentException("The HTTP/2 limits allow less than one tunnel needs.");
        }
    }

    /** With the same limit for each kind of abuse. */
    public H2Limits(
            int concurrentStreams,
            int headerList,
            int streamWindow,
            int connectionWindow,
            int connectionBuffer,
            int abusePerInterval,
            Duration interval,
            Duration keepAlive,
            Duration settingsTimeout) {
        this(
                concurrentStreams,
                headerList,
                streamWindow,
                connectionWindow,
                connectionBuffer,
                AbuseLimits.each(abusePerInterval),
                interval,
                keepAlive,
                settingsTimeout);
    }

    public static H2Limits defaults() {
        return of(1000, 16 * 1024, AbuseLimits.each(1000));
    }

    /** The usual bounds but for these. */
    public static H2Limits of(int concurrentStreams, int headerList, AbuseLimits abuse) {
        return new H2Limits(
                concurrentStreams,
                headerList,
                256 * 1024,
                16 * 1024 * 1024,
                64 * 1024 * 1024,
                abuse,
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                Duration.ofSeconds(10));
    }

    public H2Limits withConcurrentStreams(int streams) {
        return new H2Limits(
                streams,
                headerList,
                streamWindow,
                connectionWindow,
                connectionBuffer,
                abuse,
                interval,
                keepAlive,
                settingsTimeout);
    }
}
