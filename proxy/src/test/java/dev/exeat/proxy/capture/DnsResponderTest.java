package dev.exeat.proxy.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** The responder on real sockets. */
@Timeout(60)
class DnsResponderTest {
    private final ReservedAddresses reserved = new ReservedAddresses(ReservedAddresses.USUAL, List.of());
    private final Queue<DnsResult> results = new ConcurrentLinkedQueue<>();
    private DnsResponder responder;

    @BeforeEach
    void start() {
        responder = DnsResponder.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), new DnsAnswers(reserved), results::add);
    }

    @AfterEach
    void stop() {
        responder.close();
    }

    private static Message query(String name, int type, int dclass) {
        return Message.newQuery(Record.newRecord(Name.fromConstantString(name), type, dclass));
    }

    private Message ask(Message query) throws IOException {
        return new Message(askUdp(query.toWire()));
    }

    private byte[] askUdp(byte[] query) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(responder.address());
            socket.setSoTimeout(5_000);
            socket.send(new DatagramPacket(query, query.length));
            DatagramPacket packet = new DatagramPacket(new byte[4096], 4096);
            socket.receive(packet);
            return Arrays.copyOf(packet.getData(), packet.getLength());
        }
    }

    @Test
    void each_name_has_its_reserved_addresses() throws IOException {
        Message a = ask(query("En.wikipedia.org.", Type.A, DClass.IN));
        Message aaaa = ask(query("en.wikipedia.org.", Type.AAAA, DClass.IN));

        assertThat(a.getRcode()).isEqualTo(Rcode.NOERROR);
        assertThat(a.getHeader().getFlag(Flags.QR)).isTrue();
        assertThat(a.getHeader().getFlag(Flags.RA)).isTrue();
        ARecord v4 = (ARecord) a.getSection(Section.ANSWER).getFirst();
        assertThat(v4.getName()).hasToString("En.wikipedia.org.");
        assertThat(v4.getAddress())
                .isEqualTo(Objects.requireNonNull(reserved.of("en.wikipedia.org", true))
                        .toInetAddress());
        assertThat(((AAAARecord) aaaa.getSection(Section.ANSWER).getFirst()).getAddress())
                .isEqualTo(Objects.requireNonNull(reserved.of("en.wikipedia.org", false))
                        .toInetAddress());
        assertThat(results).containsExactly(DnsResult.ADDRESS, DnsResult.ADDRESS);
    }

    /** Keys for ECH, hints of HTTP/3 and other servers would lead around the name that the policy sees. */
    @ParameterizedTest
    @CsvSource({"HTTPS", "SVCB", "TXT", "MX", "SRV", "PTR", "NS", "SOA", "DS", "TYPE65280"})
    void other_types_have_no_data(String type) throws IOException {
        Message answer = ask(query("en.wikipedia.org.", Type.value(type), DClass.IN));

        assertThat(answer.getRcode()).isEqualTo(Rcode.NOERROR);
        assertThat(answer.getSection(Section.ANSWER)).isEmpty();
        assertThat(answer.getSection(Section.AUTHORITY)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"ANY,IN", "AXFR,IN", "A,CH", "TXT,CH"})
    void refuses_transfers_and_other_classes(String type, String dclass) throws IOException {
        Message answer = ask(query("version.bind.", Type.value(type), DClass.value(dclass)));

        assertThat(answer.getRcode()).isEqualTo(Rcode.REFUSED);
        assertThat(answer.getSection(Section.ANSWER)).isEmpty();
    }

    @Test
    void this_machine_is_this_machine() throws IOException {
        Message answer = ask(query("localhost.", Type.A, DClass.IN));

        assertThat(((ARecord) answer.getSection(Section.ANSWER).getFirst()).getAddress())
                .isEqualTo(InetAddress.ofLiteral("127.0.0.1"));
    }

    @Test
    void edns_is_answered_in_kind() throws IOException {
        Message plain = query("en.wikipedia.org.", Type.A, DClass.IN);
        plain.addRecord(new OPTRecord(4096, 0, 0), Section.ADDITIONAL);
        Message later = query("en.wikipedia.org.", Type.A, DClass.IN);
        later.addRecord(new OPTRecord(4096, 0, 1), Section.ADDITIONAL);

        assertThat(ask(plain).getOPT()).isNotNull();
        assertThat(ask(plain).getSection(Section.ANSWER)).hasSize(1);
        assertThat(ask(later).getRcode()).isEqualTo(Rcode.BADVERS);
        assertThat(ask(query("en.wikipedia.org.", Type.A, DClass.IN)).getOPT()).isNull();
    }

    @Test
    void nonsense_gets_an_error_or_nothing_and_service_goes_on() throws IOException {
        byte[] answer = query("en.wikipedia.org.", Type.A, DClass.IN).toWire();
        answer[2] |= (byte) 0x80;
        byte[] two = query("en.wikipedia.org.", Type.A, DClass.IN).toWire();
        two[5] = 2;
        byte[] cut = Arrays.copyOf(two, 20);
        cut[5] = 1;
        byte[] loop = query("en.wikipedia.org.", Type.A, DClass.IN).toWire();
        loop[12] = (byte) 0xc0;
        loop[13] = 12;
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(responder.address());
            for (byte[] silent : List.of(answer, new byte[1], new byte[11], new byte[4000])) {
                socket.send(new DatagramPacket(silent, silent.length));
            }
            await().untilAsserted(() -> assertThat(results).hasSize(4));
            socket.setSoTimeout(100);
            assertThatThrownBy(() -> socket.receive(new DatagramPacket(new byte[100], 100)))
                    .isInstanceOf(SocketTimeoutException.class);
        }
        assertThat(results).containsOnly(DnsResult.MALFORMED);
        for (byte[] wrong : List.of(two, cut, loop)) {
            assertThat(new Message(askUdp(wrong)).getRcode()).isEqualTo(Rcode.FORMERR);
        }
        assertThat(ask(query("en.wikipedia.org.", Type.A, DClass.IN)).getSection(Section.ANSWER))
                .hasSize(1);
    }

    @Test
    void tcp_carries_several_questions() throws IOException {
        try (Socket socket = connect()) {
            for (String name : List.of("en.wikipedia.org.", "de.wikipedia.org.")) {
                byte[] query = query(name, Type.A, DClass.IN).toWire();
                // Split at the worst place.
                socket.getOutputStream().write(new byte[] {0});
                socket.getOutputStream().write(new byte[] {(byte) query.length});
                socket.getOutputStream().write(query);
                DataInputStream in = new DataInputStream(socket.getInputStream());
                byte[] reply = new byte[in.readUnsignedShort()];
                in.readFully(reply);
                assertThat(new Message(reply).getSection(Section.ANSWER)).hasSize(1);
            }
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket();
        socket.connect(responder.address());
        socket.setSoTimeout(20_000);
        return socket;
    }

    @Test
    void tcp_is_closed_on_long_questions_on_silence_and_above_the_bound() throws IOException {
        try (Socket tooLong = connect()) {
            tooLong.getOutputStream().write(new byte[] {(byte) 0xff, (byte) 0xff, 1, 2, 3});
            assertThat(endOf(tooLong)).isTrue();
        }
        List<Socket> silent = new ArrayList<>();
        try {
            for (int i = 0; i < DnsTcp.MOST; i++) {
                silent.add(connect());
            }
            try (Socket beyond = connect()) {
                assertThat(endOf(beyond)).isTrue();
            }
            assertThat(endOf(silent.getFirst())).isTrue();
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
        }
    }

    /** Whether the other side ends the connection, in order or with a reset. */
    private static boolean endOf(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }

    @Test
    void a_flood_is_dropped() throws IOException {
        InetSocketAddress loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        byte[] query = query("en.wikipedia.org.", Type.A, DClass.IN).toWire();
        // So low a rate is passed by the slowest machine.
        try (DnsResponder strict = DnsResponder.open(loopback, new DnsAnswers(reserved), 10, results::add);
                DatagramSocket socket = new DatagramSocket()) {
            strict.serve();
            socket.connect(strict.address());
            await().until(() -> {
                for (int i = 0; i < 20; i++) {
                    socket.send(new DatagramPacket(query, query.length));
                }
                return results.contains(DnsResult.LIMITED);
            });
        }
    }

    @Test
    void an_address_that_is_taken_is_told() {
        assertThatThrownBy(() -> DnsResponder.start(responder.address(), new DnsAnswers(reserved), results::add))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("can't serve DNS");
    }
}
