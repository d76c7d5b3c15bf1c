package dev.exeat.it.faults;

import dev.exeat.it.faults.Route.Role;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.JsonNode;

/** G10: what clients connected, what the gateway counted and what stands in the log are the same number. */
record RecordsGoal(int perSecond, int seconds) implements Measurement {
    private static final long SETTLED_NANOS = 15_000_000_000L;

    @Override
    public String goal() {
        return "G10 log completeness";
    }

    @Override
    public Figure measure(Scene scene) throws Exception {
        RecordFile file = new RecordFile(scene.stand().records(Role.UP));
        settle(scene);
        file.take();
        double countedBefore = counted(scene);
        AtomicLong turn = new AtomicLong();
        var hostile = HostileMixGoal.hostile(scene);
        Visits visits = Steady.during(perSecond, seconds, () -> switch ((int) (turn.getAndIncrement() % 4)) {
            case 0 -> hostile.get();
            case 1 -> scene.visit(Route.UP, Site.BYSTANDER.host());
            case 2 -> scene.visit(Route.UP, "denied.test");
            default -> scene.visit(Route.PLAIN, PolicyModel.host((int) (turn.get() % PolicyModel.HOSTS)));
        });
        settle(scene);
        long counted = Math.round(counted(scene) - countedBefore);
        List<JsonNode> records = file.take();
        return new Figure(
                records.size() == visits.count() && counted == visits.count() && file.gaps() == 0,
                "clients connected %d times, a quarter of them hostile; the gateway counted %d, the log has %d records; %d numbers left out, %d twice"
                        .formatted(visits.count(), counted, records.size(), file.gaps(), file.takeRepeated()));
    }

    private static double counted(Scene scene) {
        return scene.stand().metrics(Role.UP).sum("exeat_connections_total", "");
    }

    /** Waits until no connection is open and what ended is written. */
    private static void settle(Scene scene) {
        long deadline = System.nanoTime() + SETTLED_NANOS;
        while (scene.stand().metrics(Role.UP).sum("exeat_connections_active", "") > 0 && System.nanoTime() < deadline) {
            LockSupport.parkNanos(20_000_000);
        }
        LockSupport.parkNanos(500_000_000);
    }
}
