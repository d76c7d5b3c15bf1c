package dev.exeat.bench.subject;

import dev.exeat.bench.load.Door;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** All programs of this machine that can be measured, Exeat's first. Immutable. */
public final class Subjects {
    private final List<Subject> all;

    private Subjects(List<Subject> all) {
        this.all = List.copyOf(all);
    }

    /** @param peers the folder that {@code bench/peers.sh} fills */
    public static Subjects find(ExeatProgram exeat, Path peers) {
        List<Subject> found = new ArrayList<>();
        found.add(new ExeatGateway(exeat));
        found.add(new ExeatChain(exeat));
        Path debian = peers.resolve("debian");
        Binary.find(debian, "haproxy").ifPresent(binary -> {
            found.add(new HaProxy(binary, false));
            found.add(new HaProxy(binary, true));
        });
        Binary.find(debian, "nginx").ifPresent(binary -> found.add(new Nginx(binary)));
        Binary.find(debian, "sniproxy").ifPresent(binary -> found.add(new SniProxy(binary)));
        Binary.at(peers.resolve("bin/envoy")).ifPresent(binary -> {
            found.add(new Envoy(binary, false));
            found.add(new Envoy(binary, true));
        });
        Binary.at(peers.resolve("bin/smokescreen")).ifPresent(binary -> found.add(new Smokescreen(binary)));
        return new Subjects(found);
    }

    /** The named ones; all if none is named. */
    public Subjects only(List<String> names) {
        return names.isEmpty()
                ? this
                : new Subjects(all.stream()
                        .filter(subject -> names.contains(subject.name()))
                        .toList());
    }

    public List<Subject> all() {
        return all;
    }

    /** @throws IllegalStateException if it does not take part */
    public Subject named(String name) {
        return all.stream()
                .filter(subject -> subject.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(name + " does not take part"));
    }

    /** Those that have a door, without the variants that a scenario does not ask for. */
    public List<Subject> with(Door door) {
        return all.stream()
                .filter(subject -> subject.has(door))
                .filter(subject -> !subject.name().equals("haproxy-splice"))
                .toList();
    }

    /** Those that have a door, all variants. */
    public List<Subject> withVariants(Door door) {
        return all.stream().filter(subject -> subject.has(door)).toList();
    }
}
