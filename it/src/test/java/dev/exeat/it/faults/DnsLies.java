package dev.exeat.it.faults;

import java.util.ArrayList;
import java.util.List;

/**
 * Answers that lead inside, to another server, to themselves or to nothing, and answers with octets changed at random:
 * nobody is carried to an address that a name may not have. Where each went, the records tell.
 */
final class DnsLies implements Fault {
    private static final String DOMAIN = ".lies.test";
    private static final int MUTATED = 3;
    private static final int MUTANTS = 10;
    private static final List<String> INSIDE =
            List.of("127.0.0.1", "10.0.0.5", "169.254.169.254", "0.0.0.0", "::1", "::ffff:127.0.0.1", "fd00:ec2::254");
    private static final List<String> TRICKS =
            List.of("forge", "junk", "loopptr", "trunc", "cloop", "nx", "sf", "retry");

    private final List<String> complaints = new ArrayList<>();

    @Override
    public String name() {
        return "dns lies";
    }

    @Override
    public Tolerance tolerance() {
        return Tolerance.NONE;
    }

    @Override
    public void inflict(Scene scene) throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        long run = scene.ids().get();
        for (String address : INSIDE) {
            String host = "inside-" + run + "-" + INSIDE.indexOf(address) + DOMAIN;
            scene.stand().dns().put(host, address);
            threads.add(Thread.ofVirtual().start(() -> mustFail(scene, host)));
        }
        for (String trick : TRICKS) {
            threads.add(Thread.ofVirtual().start(() -> scene.visit(Route.UP, trick + DOMAIN)));
        }
        scene.stand().dns().mutating(MUTATED, name -> name.startsWith("mutant-"));
        for (int i = 0; i < MUTANTS; i++) {
            String host = "mutant-" + run + "-" + i + DOMAIN;
            scene.stand().dns().put(host, Site.BYSTANDER.address());
            threads.add(Thread.ofVirtual().start(() -> scene.visit(Route.UP, host)));
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private void mustFail(Scene scene, String host) {
        Visit visit = scene.visit(Route.UP, host);
        if (visit.delivered()) {
            synchronized (complaints) {
                complaints.add("carried to an address inside: " + visit);
            }
        }
    }

    @Override
    public void undo(Scene scene) {
        scene.stand().dns().mutating(0);
    }

    @Override
    public List<String> complaints(Scene scene) {
        return complaints;
    }
}
