package dev.exeat.bench.scenario;

import dev.exeat.bench.load.Door;
import dev.exeat.bench.load.Job;
import java.util.List;

/** All scenarios in the order in which they run. */
public final class Scenarios {
    private static final int PARALLEL = 32;
    /** A handshake takes the client longer than the server, so that more in flight would only queue. */
    private static final int HANDSHAKES = 8;

    private static final List<Scenario> ALL = List.of(
            connections("pass", "pass-through: a whole connection, routed by SNI", Door.PLAIN, PARALLEL),
            new LoadScenario(
                    "ping",
                    "pass-through: request and response on open connections",
                    Door.PLAIN,
                    Job.Kind.PINGS,
                    PARALLEL,
                    Figures.OPERATIONS,
                    false),
            bulk("bulk1", "pass-through: bulk, 1 stream", Door.PLAIN, 1),
            bulk("bulk8", "pass-through: bulk, 8 streams", Door.PLAIN, 8),
            new AddedLatency(200),
            new AddedLatency(500),
            new AddedLatency(1000),
            connections("mtls", "mutual TLS with a full handshake, inner SNI routed", Door.MUTUAL_TLS, HANDSHAKES),
            new LoadScenario(
                    "resumed",
                    "mutual TLS, sessions resumed where the server lets them",
                    Door.MUTUAL_TLS,
                    Job.Kind.RESUMPTIONS,
                    HANDSHAKES,
                    Figures.RESUMPTIONS,
                    false),
            bulk("mtls-bulk", "mutual TLS: bulk, 4 streams", Door.MUTUAL_TLS, 4),
            connections("h2", "HTTP/2 CONNECT tunnels on one mutual TLS connection", Door.HTTP2, PARALLEL),
            bulk("h2-bulk", "HTTP/2 CONNECT: bulk, 4 tunnels of one connection", Door.HTTP2, 4),
            connections(
                    "connect",
                    "HTTP/1.1 CONNECT in the clear; exeat-chain is workload proxy and gateway",
                    Door.CONNECT,
                    PARALLEL),
            connections("socks5", "SOCKS5 at the workload proxy, which tunnels to the gateway", Door.SOCKS5, PARALLEL),
            connections(
                    "connect-tls", "HTTP/1.1 CONNECT inside mutual TLS, full handshake", Door.CONNECT_TLS, HANDSHAKES),
            new FirstOctet(),
            memory("pass", Door.PLAIN, 1000),
            memory("pass", Door.PLAIN, 9900),
            memory("mtls", Door.MUTUAL_TLS, 1000),
            memory("mtls", Door.MUTUAL_TLS, 9900),
            memory("h2", Door.HTTP2, 1000),
            memory("h2", Door.HTTP2, 9900),
            new StartUp(),
            new Decisions(),
            new Reload());

    private Scenarios() {}

    public static List<Scenario> all() {
        return ALL;
    }

    private static Scenario connections(String id, String title, Door door, int inFlight) {
        return new LoadScenario(id, title, door, Job.Kind.CONNECTIONS, inFlight, Figures.OPERATIONS, false);
    }

    private static Scenario bulk(String id, String title, Door door, int streams) {
        return new LoadScenario(id, title, door, Job.Kind.BULK, streams, Figures.OCTETS, true);
    }

    private static Scenario memory(String id, Door door, int connections) {
        return new IdleMemory(
                "memory-" + id + "-" + connections, "RAM of " + connections + " idle connections", door, connections);
    }
}
