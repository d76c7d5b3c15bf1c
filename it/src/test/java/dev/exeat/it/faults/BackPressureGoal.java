package dev.exeat.it.faults;

import dev.exeat.it.faults.Route.Role;
import dev.exeat.testkit.ClientHelloBuilder;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** G20: clients that ask for much and stop reading. */
record BackPressureGoal(int count) implements Measurement {
    private static final long ASKED = 64L * 1024 * 1024;
    private static final long MAY_GROW_KIB = 120 * 1024;

    @Override
    public String goal() {
        return "G20 back-pressure";
    }

    @Override
    public Figure measure(Scene scene) throws Exception {
        Tunnels.open(scene, scene.client(), Route.PLAIN, Site.BYSTANDER, count).finish();
        long pid = scene.stand().process(Role.UP).pid();
        long before = residentKib(pid);
        List<Socket> readers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            readers.add(stopped(scene));
        }
        TimeUnit.SECONDS.sleep(5);
        long grown = residentKib(pid) - before;
        boolean served = scene.visit(Route.PLAIN, PolicyModel.host(0)).delivered();
        for (Socket reader : readers) {
            reader.setSoLinger(true, 0);
            reader.close();
        }
        return new Figure(
                grown <= MAY_GROW_KIB && served,
                "%d readers that stopped: resident memory grew by %.1f MiB; another connection was %s"
                        .formatted(count, grown / 1024.0, served ? "served" : "not served"));
    }

    private static Socket stopped(Scene scene) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(8 * 1024);
        socket.connect(scene.client().doors().plain(), 10_000);
        socket.setSoTimeout(20_000);
        long id = scene.ids().incrementAndGet();
        socket.getOutputStream()
                .write(ClientHelloBuilder.to(PolicyModel.host(0))
                        .alpn(Client.protocol(id))
                        .records());
        Cargo.read(socket.getInputStream(), Cargo.WELCOME.length);
        new Manifest(id, 0, ASKED).write(new DataOutputStream(socket.getOutputStream()));
        return socket;
    }

    private static long residentKib(long pid) throws IOException {
        return Files.readAllLines(Path.of("/proc", String.valueOf(pid), "status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }
}
