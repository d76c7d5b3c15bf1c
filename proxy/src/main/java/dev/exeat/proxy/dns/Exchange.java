package dev.exeat.proxy.dns;

import dev.exeat.model.Reason;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.function.Consumer;
import org.xbill.DNS.Rcode;

/**
 * Puts one question to one server. Each query has an id and a source port of its own, drawn at random, and its socket
 * takes datagrams of that server alone; whatever comes and is not the answer is told and passed over (RFC 5452). Blocks
 * its thread; an interrupt ends it.
 */
final class Exchange {
    private static final int MAX_DATAGRAM = 4096;
    /** So many wrong answers to one query are an attack on its id, which TCP is proof against. */
    private static final int MAX_ODD = 32;

    private final SecureRandom random;
    private final DnsLimits limits;
    private final Consumer<String> ignored;

    Exchange(SecureRandom random, DnsLimits limits, Consumer<String> ignored) {
        this.random = random;
        this.limits = limits;
        this.ignored = ignored;
    }

    /**
     * Asks over UDP, and over TCP where the answer does not fit a datagram.
     *
     * @param deadline in terms of {@link System#nanoTime}
     * @throws SocketTimeoutException if no answer came in time
     * @throws DnsFailure if the answer is more than it may be
     */
    Reply ask(InetSocketAddress server, Question question, long deadline) throws IOException, DnsFailure {
        Reply reply = askUdp(server, question, true, deadline);
        if (reply.rcode() == Rcode.FORMERR || reply.rcode() == Rcode.NOTIMP) {
            // A server from before EDNS (RFC 6891 section 7).
            reply = askUdp(server, question, false, deadline);
        }
        return reply;
    }

    private Reply askUdp(InetSocketAddress server, Question question, boolean edns, long deadline)
            throws IOException, DnsFailure {
        int id = random.nextInt(1 << 16);
        byte[] query = question.query(id, edns);
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(server);
            socket.send(new DatagramPacket(query, query.length));
            // One octet more than is read, so that a datagram that was cut is seen to be.
            DatagramPacket packet = new DatagramPacket(new byte[MAX_DATAGRAM + 1], MAX_DATAGRAM + 1);
            for (int odd = 0; odd < MAX_ODD; odd++) {
                socket.setSoTimeout(millisUntil(deadline));
                packet.setLength(MAX_DATAGRAM + 1);
                socket.receive(packet);
                if (packet.getLength() > MAX_DATAGRAM) {
                    break;
                }
                try {
                    Reply reply = Reply.read(ByteBuffer.wrap(packet.getData(), 0, packet.getLength()), question, id);
                    if (!reply.truncated()) {
                        checkSize(packet.getLength());
                        return checked(reply);
                    }
                    break;
                } catch (Reply.Odd e) {
                    ignored.accept(String.valueOf(e.getMessage()));
                }
            }
        }
        return askTcp(server, question, deadline);
    }

    private Reply askTcp(InetSocketAddress server, Question question, long deadline) throws IOException, DnsFailure {
        int id = random.nextInt(1 << 16);
        byte[] query = question.query(id, false);
        try (Socket socket = new Socket()) {
            socket.connect(server, millisUntil(deadline));
            // RFC 7766 section 8: length and message in one write.
            socket.getOutputStream()
                    .write(ByteBuffer.allocate(2 + query.length)
                            .putShort((short) query.length)
                            .put(query)
                            .array());
            DataInputStream in = new DataInputStream(socket.getInputStream());
            int length = ByteBuffer.wrap(read(in, socket, 2, deadline)).getShort() & 0xffff;
            checkSize(length);
            return checked(Reply.read(ByteBuffer.wrap(read(in, socket, length, deadline)), question, id));
        } catch (Reply.Odd e) {
            ignored.accept(String.valueOf(e.getMessage()));
            throw new IOException("the name server sent " + e.getMessage() + " over TCP", e);
        }
    }

    private void checkSize(int octets) throws DnsFailure {
        if (octets > limits.octets()) {
            throw new DnsFailure(
                    Reason.DNS_TOO_LARGE, "The answer has " + octets + " octets; " + limits.octets() + " are allowed.");
        }
    }

    private Reply checked(Reply reply) throws DnsFailure {
        int records = reply.answers().size();
        if (records > limits.records()) {
            throw new DnsFailure(
                    Reason.DNS_TOO_MANY,
                    "The answer has " + records + " records; " + limits.records() + " are allowed.");
        }
        return reply;
    }

    /** Reads octet counts under one deadline, however slowly they come. */
    private static byte[] read(DataInputStream in, Socket socket, int length, long deadline) throws IOException {
        byte[] bytes = new byte[length];
        int read = 0;
        while (read < length) {
            socket.setSoTimeout(millisUntil(deadline));
            int n = in.read(bytes, read, length - read);
            if (n < 0) {
                throw new IOException("the name server closed the TCP connection within its answer");
            }
            read += n;
        }
        return bytes;
    }

    private static int millisUntil(long deadline) throws SocketTimeoutException {
        long left = (deadline - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
            throw new SocketTimeoutException("no answer in time");
        }
        return (int) Math.min(left, Integer.MAX_VALUE);
    }
}
