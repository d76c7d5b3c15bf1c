package dev.exeat.bench.subject;

import dev.exeat.bench.load.Door;
import dev.exeat.bench.load.Job;
import dev.exeat.bench.machine.Program;
import java.time.Duration;
import java.util.List;

/**
 * A program that runs to be measured.
 *
 * @param programs its processes: their costs are added up
 * @param others processes that it needs beside, whose cost does not count
 * @param port where the door is, on 127.0.0.1
 * @param authority what a CONNECT or SOCKS5 request asks for
 * @param startUp from the start to the first accepted connection
 */
public record Running(
        List<Program> programs, List<Program> others, Door door, int port, String authority, Duration startUp)
        implements AutoCloseable {

    public Job job(Job.Kind kind) {
        return Job.of(kind, door, port, authority);
    }

    public long cpuNanos() {
        return programs.stream().mapToLong(Program::cpuNanos).sum();
    }

    public long residentOctets() {
        return programs.stream().mapToLong(Program::residentOctets).sum();
    }

    @Override
    public void close() {
        programs.reversed().forEach(Program::close);
        others.reversed().forEach(Program::close);
    }
}
