package dev.exeat.bench.subject;

import dev.exeat.bench.load.Door;

/** A program that can be measured. */
public interface Subject {
    /** Unique, short, for tables. */
    String name();

    Release release();

    /** Whether it can be entered by this door. */
    boolean has(Door door);

    /** Whether it is compiled while it runs, so that what it costs is seen only after a while. */
    default boolean isCompiledWhileRunning() {
        return false;
    }

    /** Starts it with this door alone, and waits until it is open; the caller closes it. */
    Running start(Site site, Door door);
}
