package dev.exeat.bench.subject;

import dev.exeat.bench.load.Door;
import dev.exeat.bench.machine.Program;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A lone gateway with policy, log lines, records and metrics; its loops are as many as the cores it is given: one. */
public final class ExeatGateway implements Subject {
    public static final String NAME = "exeat";

    private final ExeatProgram exeat;

    ExeatGateway(ExeatProgram exeat) {
        this.exeat = exeat;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Release release() {
        return exeat.release();
    }

    @Override
    public boolean has(Door door) {
        return door != Door.CONNECT && door != Door.SOCKS5;
    }

    @Override
    public boolean isCompiledWhileRunning() {
        return true;
    }

    @Override
    public Running start(Site site, Door door) {
        return start(site, door, List.of());
    }

    /** @param more flags */
    public Running start(Site site, Door door, List<String> more) {
        Path identity = exeat.identity(site);
        int port = Site.freePort();
        List<String> command = exeat.gateway(site, identity, site.certificates().trustDomain());
        command.addAll(
                door == Door.PLAIN
                        ? List.of("--plain", "127.0.0.1:" + port, "--tunnel", "127.0.0.1:0")
                        : List.of("--tunnel", "127.0.0.1:" + port));
        command.addAll(more);
        Program program = site.measured("gateway", command);
        Duration startUp = program.awaitPort(port);
        return new Running(List.of(program), List.of(), door, port, ExeatProgram.AUTHORITY, startUp);
    }
}
