package dev.exeat.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

class DnsStubTest {
    private final DnsStub stub = DnsStub.start(DnsZone.withUpstream("127.0.10.1"));

    @AfterEach
    void stop() {
        stub.close();
    }

    @ParameterizedTest
    @CsvSource({
        "allowed.test, A, 127.0.10.1",
        "AlLoWeD.test, A, 127.0.10.1",
        "a.b.wild.test, A, 127.0.10.1",
        "meta.test, A, 169.254.169.254",
        "mapped.test, AAAA, ::ffff:127.0.0.1",
        "sixto4.test, AAAA, 2002:7f00:1:0:0:0:0:0",
        "self.test, A, 127.0.0.1",
        "int.corp.test, A, 10.0.0.5",
        "deep0.test, A, 127.0.10.1",
    })
    void answers_from_its_zone(String name, String type, String address) throws IOException {
        assertThat(addresses(name, Type.value(type))).containsExactly(address);
    }

    @Test
    void keeps_names_put_in_before_all_others() throws IOException {
        stub.put("en.wikipedia.org", "127.0.0.5", "::1").put("allowed.test", "127.0.0.6");

        assertThat(addresses("en.wikipedia.org", Type.A)).containsExactly("127.0.0.5");
        assertThat(addresses("en.wikipedia.org", Type.AAAA)).containsExactly("0:0:0:0:0:0:0:1");
        assertThat(addresses("allowed.test", Type.A)).containsExactly("127.0.0.6");
    }

    @ParameterizedTest
    @CsvSource({"nx.test, 3", "sf.test, 2", "unknown.example, 3", "unheard.test, 3"})
    void answers_errors(String name, int code) throws IOException {
        assertThat(ask(name, Type.A, false).getRcode()).as(Rcode.string(code)).isEqualTo(code);
    }

    @Test
    void truncates_on_udp_and_answers_in_full_on_tcp() throws IOException {
        assertThat(ask("tc.test", Type.A, false).getSection(Section.ANSWER)).hasSize(1);
        assertThat(ask("big.test", Type.A, false).getSection(Section.ANSWER)).hasSize(200);
        assertThat(stub.queriesFor("tc.test"))
                .extracting(DnsStub.Query::overTcp)
                .containsExactly(false, true);
    }

    @Test
    void rebinds_after_two_queries() throws IOException {
        assertThat(addresses("rebind.test", Type.A)).containsExactly("127.0.10.1");
        assertThat(addresses("rebind.test", Type.A)).containsExactly("127.0.10.1");
        assertThat(addresses("rebind.test", Type.A)).containsExactly("127.0.0.1");
    }

    @Test
    void answers_aliases() throws IOException {
        assertThat(addresses("cnpriv.test", Type.A)).containsExactly("int.corp.test.", "10.0.0.5");
        assertThat(addresses("cloak.test", Type.A)).containsExactly("denied.test.", "127.0.10.1");
        assertThat(addresses("cloop.test", Type.A)).containsExactly("cloop2.test.");
        assertThat(addresses("deep20.test", Type.A)).containsExactly("deep19.test.");
    }

    @Test
    void says_nothing_for_silent_names_and_logs_the_query() {
        assertThatThrownBy(() -> ask("silent.test", Type.A, false)).isInstanceOf(IOException.class);
        assertThat(stub.queriesFor("SILENT.test")).isNotEmpty().allMatch(query -> query.type() == Type.A);
    }

    @Test
    void forges_three_answers_before_the_right_one() throws IOException {
        Message query = Message.newQuery(Record.newRecord(Name.fromString("forge.test."), Type.A, DClass.IN));

        List<byte[]> answers = rawAnswers(query.toWire(), 4);

        assertThat(new Message(answers.get(0)).getHeader().getID())
                .isNotEqualTo(query.getHeader().getID());
        assertThat(new Message(answers.get(1)).getQuestion().getName()).hasToString("other.test.");
        assertThat(new Message(answers.get(2)).getSection(Section.ANSWER)).hasSize(2);
        assertThat(new Message(answers.get(3)).getSection(Section.ANSWER))
                .extracting(Record::rdataToString)
                .containsExactly("127.0.10.1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"loopptr.test", "trunc.test"})
    void sends_what_no_client_can_parse(String name) throws IOException {
        Message query = Message.newQuery(Record.newRecord(Name.fromString(name + "."), Type.A, DClass.IN));

        byte[] answer = rawAnswers(query.toWire(), 1).getFirst();

        assertThat(answer).startsWith(query.toWire()[0], query.toWire()[1]);
        assertThatThrownBy(() -> new Message(answer)).isInstanceOf(IOException.class);
    }

    @Test
    void mutates_answers_but_not_their_id() throws IOException {
        byte[] query = Message.newQuery(Record.newRecord(Name.fromString("allowed.test."), Type.A, DClass.IN))
                .toWire();
        byte[] sound = rawAnswers(query, 1).getFirst();
        stub.mutating(5);

        byte[] damaged = rawAnswers(query, 1).getFirst();

        assertThat(damaged).startsWith(query[0], query[1]).hasSameSizeAs(sound).isNotEqualTo(sound);
    }

    private List<byte[]> rawAnswers(byte[] query, int count) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout(5_000);
            socket.send(new DatagramPacket(query, query.length, stub.address()));
            List<byte[]> answers = new java.util.ArrayList<>();
            for (int i = 0; i < count; i++) {
                DatagramPacket packet = new DatagramPacket(new byte[4096], 4096);
                socket.receive(packet);
                answers.add(java.util.Arrays.copyOf(packet.getData(), packet.getLength()));
            }
            return answers;
        }
    }

    private List<String> addresses(String name, int type) throws IOException {
        return ask(name, type, false).getSection(Section.ANSWER).stream()
                .map(Record::rdataToString)
                .toList();
    }

    private Message ask(String name, int type, boolean overTcp) throws IOException {
        SimpleResolver resolver = new SimpleResolver(stub.address());
        resolver.setTCP(overTcp);
        resolver.setTimeout(Duration.ofMillis(name.startsWith("silent") ? 150 : 5_000));
        Message query = Message.newQuery(Record.newRecord(Name.fromString(name + "."), type, DClass.IN));
        query.getHeader().setFlag(Flags.RD);
        return resolver.send(query);
    }
}
