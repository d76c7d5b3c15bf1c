package dev.exeat.testkit;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * A name server on UDP and TCP (RFC 1035) that answers as a {@link DnsZone} says, hostile or not, and logs every
 * query, so that "no lookup before the verdict" can be proved. Thread-safe.
 */
public final class DnsStub implements AutoCloseable {
    private static final int MAX_QUERY = 4096;

    private final DatagramSocket udp;
    private final ServerSocket tcp;
    private final DnsZone zone;
    private final Random random = new Random(1);
    private volatile Mutation mutation = new Mutation(0, name -> false);
    private volatile Duration delay = Duration.ZERO;
    private final List<Query> queries = new CopyOnWriteArrayList<>();

    /**
     * One query.
     *
     * @param name as the client wrote it, without the final dot
     * @param type the QTYPE: 1 for A, 28 for AAAA
     */
    public record Query(Instant time, String name, int type, boolean overTcp) {}

    private record Mutation(int octets, Predicate<String> names) {}

    private DnsStub(DatagramSocket udp, ServerSocket tcp, DnsZone zone) {
        this.udp = udp;
        this.tcp = tcp;
        this.zone = zone;
    }

    /** Starts a server on a free port of 127.0.0.1. */
    public static DnsStub start(DnsZone zone) {
        return start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), zone);
    }

    /** Starts a server; port 0 picks one that is free on both UDP and TCP. */
    public static DnsStub start(InetSocketAddress address, DnsZone zone) {
        IOException last = new IOException("no port is free on both UDP and TCP");
        for (int attempt = 0; attempt < (address.getPort() == 0 ? 20 : 1); attempt++) {
            try {
                DatagramSocket udp = new DatagramSocket(address);
                try {
                    ServerSocket tcp = new ServerSocket(udp.getLocalPort(), 50, address.getAddress());
                    DnsStub stub = new DnsStub(udp, tcp, zone);
                    Thread.ofPlatform().daemon().name("dns-stub-udp").start(stub::serveUdp);
                    Thread.ofPlatform().daemon().name("dns-stub-tcp").start(stub::serveTcp);
                    return stub;
                } catch (IOException e) {
                    udp.close();
                    last = e;
                }
            } catch (IOException e) {
                last = e;
            }
        }
        throw new UncheckedIOException("cannot start a name server on " + address, last);
    }

    public InetSocketAddress address() {
        return new InetSocketAddress(tcp.getInetAddress(), tcp.getLocalPort());
    }

    /** Makes {@code name} answer with these addresses, before whatever the zone would say; none means NODATA. */
    public DnsStub put(String name, String... addresses) {
        zone.put(name, List.of(addresses));
        return this;
    }

    /** Changes so many octets of every answer from now on, each to a random value, but never the message's id. */
    public DnsStub mutating(int octets) {
        return mutating(octets, name -> true);
    }

    /** The same for answers to questions about these names alone. */
    public DnsStub mutating(int octets, Predicate<String> names) {
        mutation = new Mutation(octets, names);
        return this;
    }

    /** Sends every answer so much later from now on. */
    public DnsStub answeringAfter(Duration length) {
        delay = length;
        return this;
    }

    /** All queries so far, oldest first. */
    public List<Query> queries() {
        return List.copyOf(queries);
    }

    public List<Query> queriesFor(String name) {
        return queries.stream()
                .filter(query -> query.name().equalsIgnoreCase(name))
                .toList();
    }

    @Override
    public void close() {
        udp.close();
        try {
            tcp.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void serveUdp() {
        byte[] buffer = new byte[MAX_QUERY];
        while (!udp.isClosed()) {
            DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
            try {
                udp.receive(packet);
                SocketAddress client = packet.getSocketAddress();
                answer(Arrays.copyOf(buffer, packet.getLength()), false, octets -> sendDatagram(octets, client));
            } catch (IOException e) {
                // Closed, or a client that is gone: the next query may come from another.
            }
        }
    }

    private void sendDatagram(byte[] octets, SocketAddress client) throws IOException {
        udp.send(new DatagramPacket(octets, octets.length, client));
    }

    private void serveTcp() {
        while (!tcp.isClosed()) {
            try {
                Socket client = tcp.accept();
                Thread.ofVirtual().start(() -> serveClient(client));
            } catch (IOException e) {
                // Closed.
            }
        }
    }

    private void serveClient(Socket client) {
        try (client) {
            DataInputStream in = new DataInputStream(client.getInputStream());
            OutputStream out = client.getOutputStream();
            while (true) {
                byte[] query = new byte[in.readUnsignedShort()];
                in.readFully(query);
                answer(query, true, octets -> sendFramed(octets, out));
            }
        } catch (IOException e) {
            // The client is gone.
        }
    }

    private static void sendFramed(byte[] octets, OutputStream out) throws IOException {
        ByteBuffer framed = ByteBuffer.allocate(2 + octets.length);
        framed.putShort((short) octets.length).put(octets);
        synchronized (out) {
            out.write(framed.array());
            out.flush();
        }
    }

    private byte[] damaged(byte[] message, String name) {
        byte[] octets = message.clone();
        Mutation now = mutation;
        for (int left = now.names.test(name) ? now.octets : 0; left > 0; left--) {
            octets[2 + random.nextInt(octets.length - 2)] = (byte) random.nextInt(256);
        }
        return octets;
    }

    private interface Sender {
        void send(byte[] octets) throws IOException;
    }

    private void answer(byte[] octets, boolean overTcp, Sender sender) {
        DnsQuestion question;
        try {
            question = DnsQuestion.parse(octets);
        } catch (IndexOutOfBoundsException e) {
            return;
        }
        queries.add(new Query(Instant.now(), question.name(), question.type(), overTcp));
        DnsZone.Answer answer = zone.answer(question, overTcp);
        Runnable sending = () -> {
            for (byte[] message : answer.messages()) {
                try {
                    sender.send(damaged(message, question.name()));
                } catch (IOException e) {
                    return;
                }
            }
        };
        Duration wait = answer.delay().plus(delay);
        if (wait.isZero()) {
            sending.run();
        } else {
            CompletableFuture.delayedExecutor(wait.toMillis(), TimeUnit.MILLISECONDS)
                    .execute(sending);
        }
    }
}
