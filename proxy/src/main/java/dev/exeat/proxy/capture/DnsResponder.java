package dev.exeat.proxy.capture;

import dev.exeat.proxy.limit.RateTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves {@link DnsAnswers} over UDP and TCP (RFC 7766) on one address. A thread of its own answers datagrams one after
 * the other; what comes faster than that, or than {@link #RATE} from one address, is dropped. Nothing is sent but to
 * who asked. Safe for any thread.
 */
public final class DnsResponder implements AutoCloseable {
    /** Questions a second of one address. */
    private static final int RATE = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(DnsResponder.class);
    private static final int TRIES = 10;

    private final DatagramSocket udp;
    private final DnsTcp tcp;
    private final DnsAnswers answers;
    private final Consumer<DnsResult> results;
    private final RateTable<InetAddress> rates;

    private DnsResponder(
            DatagramSocket udp, ServerSocket tcp, DnsAnswers answers, int rate, Consumer<DnsResult> results) {
        this.rates = new RateTable<>(rate, rate, System::nanoTime);
        this.udp = udp;
        this.answers = answers;
        this.results = results;
        this.tcp = new DnsTcp(tcp, this::answer);
    }

    /** The same as {@link #open}, and serves. */
    public static DnsResponder start(InetSocketAddress address, DnsAnswers answers, Consumer<DnsResult> results) {
        DnsResponder responder = open(address, answers, results);
        responder.serve();
        return responder;
    }

    /**
     * Takes an address. What comes there waits until {@link #serve} is called, which starts threads; this does not.
     *
     * @param address of one interface: answers from a wildcard address may leave with another source, and be dropped;
     *     port 0 picks one that is free for both UDP and TCP
     * @param results is told of each question, on several threads
     * @throws UncheckedIOException if the address can't be had
     */
    public static DnsResponder open(InetSocketAddress address, DnsAnswers answers, Consumer<DnsResult> results) {
        return open(address, answers, RATE, results);
    }

    /** @param rate questions a second of one address */
    static DnsResponder open(InetSocketAddress address, DnsAnswers answers, int rate, Consumer<DnsResult> results) {
        for (int attempt = 1; ; attempt++) {
            try {
                return bind(address, answers, rate, results);
            } catch (IOException e) {
                // The port that UDP got may be taken by another's TCP.
                if (address.getPort() != 0 || attempt == TRIES) {
                    throw new UncheckedIOException("can't serve DNS on " + address + ": " + e.getMessage(), e);
                }
            }
        }
    }

    private static DnsResponder bind(
            InetSocketAddress address, DnsAnswers answers, int rate, Consumer<DnsResult> results) throws IOException {
        DatagramSocket udp = new DatagramSocket(null);
        ServerSocket tcp = new ServerSocket();
        try {
            udp.bind(address);
            tcp.bind(new InetSocketAddress(address.getAddress(), udp.getLocalPort()), DnsTcp.MOST);
            return new DnsResponder(udp, tcp, answers, rate, results);
        } catch (IOException e) {
            udp.close();
            tcp.close();
            throw e instanceof BindException ? e : new BindException(e.getMessage());
        }
    }

    public InetSocketAddress address() {
        return (InetSocketAddress) udp.getLocalSocketAddress();
    }

    /** To be called once. */
    public void serve() {
        Thread.ofPlatform().daemon().name("dns-udp").start(this::serveDatagrams);
        tcp.start();
    }

    private void serveDatagrams() {
        // One octet more than a question may have, so that one that was cut is seen to be.
        byte[] octets = new byte[DnsAnswers.MAX_OCTETS + 1];
        while (!udp.isClosed()) {
            DatagramPacket packet = new DatagramPacket(octets, octets.length);
            try {
                udp.receive(packet);
                byte[] reply = answer(packet.getAddress(), ByteBuffer.wrap(octets, 0, packet.getLength()));
                if (reply.length > 0 && packet.getPort() != 0) {
                    udp.send(new DatagramPacket(reply, reply.length, packet.getSocketAddress()));
                }
            } catch (IOException e) {
                if (!udp.isClosed()) {
                    LOG.atDebug().setCause(e).log("a DNS datagram could not be answered");
                }
            } catch (RuntimeException e) {
                LOG.atError().setCause(e).log("a DNS datagram was not answered, because of a fault in Exeat");
            }
        }
    }

    /** Empty where there is no answer. */
    private byte[] answer(InetAddress client, ByteBuffer query) {
        if (!rates.take(client)) {
            results.accept(DnsResult.LIMITED);
            return new byte[0];
        }
        DnsAnswers.Reply reply = answers.answer(query);
        results.accept(reply.result());
        return reply.wire();
    }

    @Override
    public void close() {
        udp.close();
        tcp.close();
    }
}
