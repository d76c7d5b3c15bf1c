package dev.exeat.it.faults;

import dev.exeat.it.faults.Route.Role;
import java.util.concurrent.TimeUnit;

/** G22: a gateway is stopped for a while, and its tunnels live on. */
record FreezeGoal(int count, int seconds) implements Measurement {
    @Override
    public String goal() {
        return "G22 freeze";
    }

    @Override
    public Figure measure(Scene scene) throws Exception {
        Tunnels direct = Tunnels.open(scene, scene.client(), Route.GATEWAY, Site.BYSTANDER, count);
        Tunnels proxied = Tunnels.open(scene, scene.client(), Route.PROXY, Site.BYSTANDER, count);
        var gateway = scene.stand().process(Role.GATEWAY);
        Stand.signal(gateway, "STOP");
        TimeUnit.SECONDS.sleep(seconds);
        Stand.signal(gateway, "CONT");
        long back = System.nanoTime();
        boolean served = scene.visit(Route.GATEWAY, Site.BYSTANDER.host()).delivered();
        long took = System.nanoTime() - back;
        long delivered = direct.finish();
        long throughProxy = proxied.finish();
        return new Figure(
                served && delivered == count && throughProxy == count,
                "%d s; of %d tunnels each, %d over mutual TLS and %d through a workload proxy lived on; a new one after %d ms"
                        .formatted(seconds, count, delivered, throughProxy, took / 1_000_000));
    }
}
