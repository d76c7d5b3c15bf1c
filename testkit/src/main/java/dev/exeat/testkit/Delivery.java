package dev.exeat.testkit;

import java.time.Duration;

/**
 * How octets go onto the wire.
 *
 * @param segment octets in one write; each write is a TCP segment of its own, as Nagle's algorithm is off
 * @param delay before each write but the first
 * @param pauseAt where to pause once, in octets; -1 for nowhere
 * @param pause how long
 * @param stopAfter how many octets are sent at most
 * @param ending what follows them
 */
public record Delivery(int segment, Duration delay, int pauseAt, Duration pause, int stopAfter, Ending ending) {
    /** What a client does when it has sent all. */
    public enum Ending {
        STAY,
        /** End the own side (FIN), and go on reading. */
        HALF_CLOSE,
        RESET
    }

    /** All at once. */
    public static Delivery whole() {
        return new Delivery(Integer.MAX_VALUE, Duration.ZERO, -1, Duration.ZERO, Integer.MAX_VALUE, Ending.STAY);
    }

    public Delivery inSegments(int octets, Duration between) {
        return new Delivery(octets, between, pauseAt, pause, stopAfter, ending);
    }

    public Delivery pausingAt(int octets, Duration length) {
        return new Delivery(segment, delay, octets, length, stopAfter, ending);
    }

    public Delivery stoppingAfter(int octets) {
        return new Delivery(segment, delay, pauseAt, pause, octets, ending);
    }

    public Delivery ending(Ending how) {
        return new Delivery(segment, delay, pauseAt, pause, stopAfter, how);
    }
}
