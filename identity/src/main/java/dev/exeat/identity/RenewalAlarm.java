package dev.exeat.identity;

import java.time.InstantSource;

/**
 * Whether a source's SVID should have been renewed by now: four fifths have passed of what was left of its life when it
 * came, whoever renews it. Thread-safe.
 */
public final class RenewalAlarm {
    private final SvidSource source;
    private final InstantSource clock;
    private Seen seen;

    /** An SVID, and its times from when it was seen first. */
    private record Seen(Svid svid, RenewalTimes times) {
        static Seen now(Svid svid, InstantSource clock) {
            return new Seen(svid, new RenewalTimes(clock.instant(), svid.notAfter()));
        }
    }

    private RenewalAlarm(SvidSource source, InstantSource clock) {
        this.source = source;
        this.clock = clock;
        this.seen = Seen.now(source.svid(), clock);
    }

    /** For as long as the source lives. */
    public static RenewalAlarm of(SvidSource source, InstantSource clock) {
        RenewalAlarm alarm = new RenewalAlarm(source, clock);
        source.onChange(alarm::look);
        return alarm;
    }

    private synchronized void look() {
        Svid now = source.svid();
        if (!now.equals(seen.svid())) {
            seen = Seen.now(now, clock);
        }
    }

    /** By the clock, now. */
    public synchronized boolean isRaised() {
        return !clock.instant().isBefore(seen.times().alarm());
    }
}
