package dev.exeat.bench.subject;

import dev.exeat.bench.load.Door;
import java.time.Duration;
import java.util.List;

/** No program at all: clients dial the upstream. What it takes is subtracted where something is said to be added. */
public final class Direct implements Subject {
    public static final String NAME = "direct";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Release release() {
        return new Release("the upstream without a program between", "none");
    }

    @Override
    public boolean has(Door door) {
        return door == Door.PLAIN;
    }

    @Override
    public Running start(Site site, Door door) {
        return new Running(List.of(), List.of(), door, site.upstreamPort(), "", Duration.ZERO);
    }
}
