package dev.exeat.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Nothing is left of very many connections of all kinds: no descriptor, pipe, thread, object or native memory. How many
 * they are is {@code exeat.connections}; {@code make leaks} takes a hundred thousand.
 */
@Isolated
class LeaksIT {
    private static final int CONNECTIONS = Integer.getInteger("exeat.connections", 20_000);
    private static final int AT_ONCE = 64;
    /** What a warm process may differ by from one look to the next: the compiler at work, a pool that fills. */
    private static final int OBJECTS = 300;

    private static final long NATIVE_OCTETS = 3_000_000;
    private static final int THREADS = 8;
    /** Those of which one stands for each open connection, tunnel, session or timer. */
    private static final List<String> OF_CONNECTIONS = List.of(
            "net.TcpStream",
            "net.TlsStream",
            "net.BoringSession",
            "net.Relay",
            "net.RelayDirection",
            "net.PendingConnect",
            "proxy.EgressConnection",
            "proxy.TunnelConnection",
            "proxy.h2.H2Stream",
            "proxy.h2.H2ServerConnection");

    /** Columns of /proc/net/tcp (proc_pid_net(5)). */
    private static final int LOCAL = 1;

    private static final int STATE = 3;
    /** Established, or closed by the other side alone: those that have a descriptor. */
    private static final Set<String> OPEN = Set.of("01", "08");

    @TempDir
    private Path directory;

    @Test
    void nothing_is_left_of_very_many_connections() throws Exception {
        Program.write(directory.resolve("manifests/crowd.yaml"), """
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata:
                  name: crowd
                  namespace: istio-system
                spec:
                  location: MESH_EXTERNAL
                  hosts: [%s]
                  ports:
                  - number: 443
                    name: https
                    protocol: TLS
                """.formatted(Crowd.HOST));
        try (CrowdUpstream upstream = new CrowdUpstream(new InetSocketAddress(InetAddress.getByName("127.0.10.1"), 0));
                Rig rig = Rig.start(
                        directory,
                        "--hello-timeout",
                        "1m",
                        "--connect-to",
                        Crowd.HOST + ":443:127.0.10.1:" + upstream.port(),
                        "--allow-address",
                        Crowd.HOST + "=127.0.10.0/24");
                Crowd crowd =
                        new Crowd(rig.gateway.address("plain"), rig.gateway.address("tunnel"), rig.mint.svid("a"))) {
            visit(rig, crowd, CONNECTIONS / 10);
            Footprint warm = look(rig);
            visit(rig, crowd, CONNECTIONS * 4 / 10);
            Footprint half = look(rig);
            visit(rig, crowd, CONNECTIONS - CONNECTIONS / 10 - CONNECTIONS * 4 / 10);
            Footprint all = look(rig);

            assertThat(upstream.reached()).isGreaterThan(CONNECTIONS * 3 / 4);
            nothingIsLeft(warm, half, all);
        }
    }

    private static void visit(Rig rig, Crowd crowd, int count) throws Exception {
        Crowd.Visits visits = crowd.send(count, AT_ONCE);

        assertThat(visits.failures())
                .as(rig.gateway.process().stderr().toString())
                .isEmpty();
        rig.awaitNoneOpen();
    }

    private static Footprint look(Rig rig) {
        Footprint seen = Footprint.of(rig.gateway.process().pid())
                .without("socket", connections(rig.gateway.address("admin").getPort()));
        System.out.println("leaks: " + seen.descriptors() + " threads=" + seen.threads() + " objects="
                + seen.objects().values().stream().mapToInt(Integer::intValue).sum() + " native="
                + seen.nativeOctets());
        return seen;
    }

    /** Those to a port of this machine: our own questions to /metrics keep theirs for a while. */
    private static int connections(int port) {
        String ofPort = ":%04X".formatted(port);
        int count = 0;
        for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            try (Stream<String> lines = Files.lines(Path.of(table))) {
                count += (int) lines.map(line -> line.strip().split(" +"))
                        .filter(words -> words[LOCAL].endsWith(ofPort) && OPEN.contains(words[STATE]))
                        .count();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return count;
    }

    private static void nothingIsLeft(Footprint warm, Footprint half, Footprint all) {
        for (String kind : new TreeSet<>(all.descriptors().keySet())) {
            int most = switch (kind) {
                // A pool keeps so many empty pipes of each loop for the next.
                case "pipe" -> 2 * 32 * Runtime.getRuntime().availableProcessors();
                default -> warm.descriptors(kind);
            };
            assertThat(all.descriptors(kind)).as(kind).isLessThanOrEqualTo(most);
        }
        for (String kind : OF_CONNECTIONS) {
            assertThat(all.count(kind)).as(kind).isZero();
        }
        assertThat(all.count("net.TimerWheel$Entry")).isLessThan(100);
        for (String kind : all.objects().keySet()) {
            // By half of the connections what keeps the latest of them is full.
            assertThat(all.objects().get(kind) - half.objects().getOrDefault(kind, 0))
                    .as(kind)
                    .isLessThan(OBJECTS);
        }
        assertThat(all.threads() - warm.threads()).as("threads").isLessThan(THREADS);
        assertThat(all.nativeOctets() - half.nativeOctets()).as("native memory").isLessThan(NATIVE_OCTETS);
    }
}
