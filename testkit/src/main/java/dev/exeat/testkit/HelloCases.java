package dev.exeat.testkit;

import static dev.exeat.model.Reason.HELLO_MALFORMED;
import static dev.exeat.model.Reason.HELLO_TOO_LARGE;
import static dev.exeat.model.Reason.NOT_TLS;
import static dev.exeat.model.Reason.SNI_INVALID;
import static dev.exeat.model.Reason.SNI_MISSING;
import static dev.exeat.model.TlsAlert.DECODE_ERROR;
import static dev.exeat.model.TlsAlert.ILLEGAL_PARAMETER;
import static dev.exeat.model.TlsAlert.PROTOCOL_VERSION;
import static dev.exeat.model.TlsAlert.RECORD_OVERFLOW;
import static dev.exeat.model.TlsAlert.UNEXPECTED_MESSAGE;
import static dev.exeat.model.TlsAlert.UNRECOGNIZED_NAME;

import dev.exeat.model.Reason;
import dev.exeat.model.TlsAlert;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/**
 * First octets that clients send, good and hostile, each learnt from a fault that a real product had. The groups: N
 * names, H structure of the hello, F fragments and sizes, P other protocols, S state, E encrypted names. The cases
 * that name {@link #ALLOWED} or a name under {@link #WILD} are meant to pass where policy allows these.
 */
public final class HelloCases {
    public static final String ALLOWED = "allowed.test";
    public static final String DENIED = "denied.test";
    public static final String WILD = "wild.test";
    public static final String DEEP = "deep.test";

    private final List<HelloCase> cases = new ArrayList<>();

    private HelloCases() {}

    public static List<HelloCase> all() {
        HelloCases all = new HelloCases();
        all.names();
        all.invalidNames();
        all.serverNameExtension();
        all.structure();
        all.goodHellos();
        all.fragments();
        all.sizes();
        all.protocols();
        all.encryptedNames();
        return List.copyOf(all.cases);
    }

    /** The case of a number. */
    public static HelloCase of(String id) {
        return all().stream()
                .filter(one -> one.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no hello case has the number " + id));
    }

    private void names() {
        named("N01", "an exact name", ALLOWED);
        named("N02", "mixed case", "AlLoWeD.TeSt");
        named("N21", "an A-label", "xn--bcher-kva.test");
        named("N23", "broken punycode", "xn--zzzzzzz99999." + WILD);
        named("N25", "an underscore", "under_score." + WILD);
        named("N26", "a label of 63 octets", "a".repeat(63) + "." + WILD);
        String longest = "a".repeat(63) + "." + "b".repeat(63) + "." + "c".repeat(63) + "." + "d".repeat(51);
        named("N28", "a name of 253 octets", longest + "." + DEEP);
        named("N33", "an allowed name as a prefix", ALLOWED + ".evil.test");
        named("N34", "an allowed name as a suffix", "x" + ALLOWED);
        named("N36", "the apex of a wildcard", WILD);
    }

    private void invalidNames() {
        invalid("N04", "a trailing dot", ALLOWED + ".");
        invalid("N06", "two trailing dots", ALLOWED + "..");
        invalid("N07", "a leading dot", "." + ALLOWED);
        invalid("N09", "an IPv4 literal", "127.0.0.1");
        invalid("N11", "a short IPv4 literal", "127.1");
        invalid("N13", "an IPv6 literal", "[::1]");
        invalid("N15", "a port", ALLOWED + ":22");
        invalid("N16", "a NUL after an allowed name", ALLOWED + "\0." + DENIED);
        invalid("N18", "a line break", "a." + WILD + "\r\n{\"verdict\":\"allow\"}");
        invalid("N20", "raw UTF-8", utf8("bücher.test"));
        invalid("N24", "an ideographic full stop", utf8("allowed。test"));
        invalid("N27", "a label of 64 octets", "a".repeat(64) + "." + WILD);
        invalid("N31", "a star", "*." + WILD);
        invalid("N32", "a single label", "localhost");
        invalid("N38", "a lookup expression", "${jndi:ldap://127.0.0.1:1389/a}." + WILD);
        invalid("N39", "markup", "<script>alert(1)</script>." + WILD);
        invalid("N41", "percent and slash", "allowed%2etest/../x");
        refused(
                "N40",
                "an empty name",
                ClientHelloBuilder.withoutSni().sniRaw(hex("0003000000")),
                SNI_INVALID,
                UNRECOGNIZED_NAME);
    }

    private void serverNameExtension() {
        refused("H01", "no server_name", ClientHelloBuilder.withoutSni(), SNI_MISSING, UNRECOGNIZED_NAME);
        refused(
                "H02",
                "no extensions",
                ClientHelloBuilder.withoutSni().withoutExtensions().legacyVersion(0x0301),
                SNI_MISSING,
                UNRECOGNIZED_NAME);
        malformed("H03", "two names", hello().sni(DENIED), DECODE_ERROR);
        malformed("H06", "an unknown name type", hello().sniType(1), DECODE_ERROR);
        malformed("H07", "server_name twice", hello().duplicateSni(ALLOWED), ILLEGAL_PARAMETER);
        malformed("H10", "another extension twice", hello().duplicateExtension(43), ILLEGAL_PARAMETER);
        malformed("H11", "a list longer than its length", hello().sniListLength(4), DECODE_ERROR);
        malformed(
                "H13",
                "a name shorter than its length",
                ClientHelloBuilder.withoutSni().sniRaw(hex("000700ffff61616161")),
                DECODE_ERROR);
    }

    private void structure() {
        malformed("H15", "extensions past the message", hello().extensionsLengthDelta(4), DECODE_ERROR);
        refused("H17", "16 MiB claimed", hello().handshakeLength(0xffffff), HELLO_TOO_LARGE, DECODE_ERROR);
        malformed("H18", "a session id of 33 octets", hello().sessionIdLength(33), DECODE_ERROR);
        malformed("H19", "no compression method", hello().compression(), DECODE_ERROR);
        malformed("H20", "an octet after the extensions", hello().trailing((byte) 0), DECODE_ERROR);
        malformed("H21", "a ServerHello", hello().handshakeType(2), UNEXPECTED_MESSAGE);
        refused("H31", "12,000 extensions", hello().manyExtensions(12_000), HELLO_TOO_LARGE, DECODE_ERROR);
    }

    private void goodHellos() {
        valid("H22", "TLS 1.0 alone", hello().legacyVersion(0x0301).versions().withoutKeyShare());
        valid("H24", "TLS 1.3 alone", hello().versions(0x0304));
        valid("H25", "record version 3.2", new RecordSplitter().version(0x0302), hello());
        valid(
                "H28",
                "a browser's hello, the name last",
                hello().postQuantum().grease().ech(144).sniLast().alpn("h2", "http/1.1"));
        valid("H30", "300 unknown extensions", hello().manyExtensions(300));
        valid("H32", "5,000 cipher suites", hello().ciphers(5_000));
        valid("H33", "the protocol acme-tls/1", hello().alpn("acme-tls/1"));
        byte[] early = new RecordSplitter().version(0x0303).split(new byte[3_000]);
        early[0] = 23;
        add(
                "S06",
                "early data behind the hello",
                join(hello().earlyData(200).records(), early),
                new HelloCase.Expected.Valid(ALLOWED));
    }

    private void fragments() {
        valid("F01", "a record for each octet", new RecordSplitter().size(1), hello());
        valid("F04", "a record's end within the handshake header", new RecordSplitter().fragments("3,*"), hello());
        broken("F09", "an empty record first", new RecordSplitter().fragments("z,*"), UNEXPECTED_MESSAGE);
        broken("F11", "5,000 empty records", new RecordSplitter().fragments("z*5000,*"), UNEXPECTED_MESSAGE);
        broken("F12", "change_cipher_spec between", new RecordSplitter().fragments("4,c,*"), UNEXPECTED_MESSAGE);
        add(
                "F14",
                "an alert before",
                new RecordSplitter().fragments("a,*").split(hello().message()),
                refusal(NOT_TLS, UNEXPECTED_MESSAGE));
        broken("F15", "application data between", new RecordSplitter().fragments("30,d,*"), UNEXPECTED_MESSAGE);
        broken("F16", "a record of 16,385 octets", new RecordSplitter().claimedLength(16_385), RECORD_OVERFLOW);
        broken("F17", "a record of no octets with some", new RecordSplitter().claimedLength(0), UNEXPECTED_MESSAGE);
        malformed(
                "F26",
                "a second message in the record",
                hello().trailing(hex("01000000")).handshakeLengthDelta(-4),
                UNEXPECTED_MESSAGE);
        add("F27", "cut after 100 octets", Arrays.copyOf(hello().records(), 100), new HelloCase.Expected.Incomplete());
    }

    private void sizes() {
        valid("F18", "15,000 octets", hello().padTo(15_000));
        valid("F19", "17,000 octets in two records", hello().padTo(17_000));
        valid("F20", "32,000 octets, the name last", hello().padTo(32_000).sniLast());
        // The default limit is 64 KiB, the most that extensions can fill.
        refused("F21", "70,000 octets", hello().ciphers(5_000).padTo(70_000), HELLO_TOO_LARGE, DECODE_ERROR);
    }

    private void protocols() {
        other("P01", Payload.HTTP);
        other("P02", Payload.H2);
        other("P03", Payload.SSH);
        other("P04", Payload.SMTP);
        add(
                "P06",
                "PROXY header before a hello",
                join(Payload.PROXY_V1.octets(), hello().records()),
                refusal(NOT_TLS, UNEXPECTED_MESSAGE));
        other("P08", Payload.SSLV2);
        other("P10", Payload.QUIC);
        add("P11", "DTLS", Payload.DTLS.octets(), refusal(NOT_TLS, PROTOCOL_VERSION));
        other("P12", Payload.ALERT);
        other("P15", Payload.ZEROS);
        other("P16", Payload.FF);
        other("P17", Payload.RDP);
        add("P18", "nothing", new byte[0], new HelloCase.Expected.Incomplete());
        add("H26", "record version 2.0", Payload.RECORD_V2.octets(), refusal(NOT_TLS, PROTOCOL_VERSION));
    }

    private void encryptedNames() {
        valid("E01", "GREASE ECH", hello().ech(144));
        valid(
                "E02",
                "the largest GREASE ECH with a post-quantum share",
                hello().ech(240).postQuantum().grease().versions(0x0304));
        add(
                "E03",
                "ECH behind a public name",
                ClientHelloBuilder.to("cloudflare-ech.com").ech(240).records(),
                new HelloCase.Expected.Valid("cloudflare-ech.com"));
        refused(
                "E07",
                "ESNI without a name",
                ClientHelloBuilder.withoutSni().esni(292),
                SNI_MISSING,
                UNRECOGNIZED_NAME);
    }

    private static ClientHelloBuilder hello() {
        return ClientHelloBuilder.to(ALLOWED);
    }

    private void named(String id, String title, String sni) {
        add(
                id,
                title,
                ClientHelloBuilder.to(sni).records(),
                new HelloCase.Expected.Valid(sni.toLowerCase(Locale.ROOT)));
    }

    private void invalid(String id, String title, String sni) {
        refused(id, title, ClientHelloBuilder.to(sni), SNI_INVALID, UNRECOGNIZED_NAME);
    }

    private void valid(String id, String title, ClientHelloBuilder hello) {
        add(id, title, hello.records(), new HelloCase.Expected.Valid(ALLOWED));
    }

    private void valid(String id, String title, RecordSplitter splitter, ClientHelloBuilder hello) {
        add(id, title, splitter.split(hello.message()), new HelloCase.Expected.Valid(ALLOWED));
    }

    private void refused(String id, String title, ClientHelloBuilder hello, Reason reason, TlsAlert alert) {
        add(id, title, hello.records(), refusal(reason, alert));
    }

    private void malformed(String id, String title, ClientHelloBuilder hello, TlsAlert alert) {
        refused(id, title, hello, HELLO_MALFORMED, alert);
    }

    private void broken(String id, String title, RecordSplitter splitter, TlsAlert alert) {
        add(id, title, splitter.split(hello().message()), refusal(HELLO_MALFORMED, alert));
    }

    private void other(String id, Payload payload) {
        add(id, payload.name(), payload.octets(), refusal(NOT_TLS, UNEXPECTED_MESSAGE));
    }

    private void add(String id, String title, byte[] octets, HelloCase.Expected expected) {
        cases.add(new HelloCase(id, title, octets, expected));
    }

    private static HelloCase.Expected refusal(Reason reason, TlsAlert alert) {
        return new HelloCase.Expected.Refused(reason, alert);
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }

    private static String utf8(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private static byte[] join(byte[] first, byte[] second) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        joined.writeBytes(first);
        joined.writeBytes(second);
        return joined.toByteArray();
    }
}
