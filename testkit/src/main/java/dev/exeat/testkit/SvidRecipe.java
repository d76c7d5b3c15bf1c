package dev.exeat.testkit;

import dev.exeat.testkit.CertificateMint.AltName;
import dev.exeat.testkit.CertificateMint.Content;
import dev.exeat.testkit.SvidMint.Verdict;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;

/** How one SVID differs from a good one, which an account's only URI, a day and a P-256 key make. Not thread-safe. */
final class SvidRecipe {
    private static final int SIGN = KeyUsage.digitalSignature;
    private static final Duration DAY = Duration.ofDays(1);

    private final String name;
    private final String why;
    private final Verdict verdict;
    private final List<AltName> names;
    private String subject = "O=rig";
    private String issuer = "ca";
    private boolean sendsIssuer;
    private boolean authority;
    private int keyUsage = SIGN;
    private List<KeyPurposeId> purposes = List.of(KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth);
    private Duration from = DAY.negated();
    private Duration until = DAY;
    private int rsaBits;
    private String digest = "SHA256";

    private SvidRecipe(String name, String why, Verdict verdict, List<AltName> names) {
        this.name = name;
        this.why = why;
        this.verdict = verdict;
        this.names = names;
    }

    private static SvidRecipe of(String name, String why, Verdict verdict, AltName... names) {
        return new SvidRecipe(name, why, verdict, List.of(names));
    }

    private static AltName uri(String text) {
        return new AltName(AltName.URI, text);
    }

    private static AltName dns(String text) {
        return new AltName(AltName.DNS, text);
    }

    static List<SvidRecipe> all(String trustDomain) {
        List<SvidRecipe> all = new ArrayList<>();
        String a = "spiffe://" + trustDomain + "/ns/default/sa/sleep-us";
        all.addAll(accepted(trustDomain, a));
        all.addAll(wrongKindOfName(trustDomain, a));
        all.addAll(wrongTrustDomain(trustDomain, a));
        all.addAll(wrongSpiffeId(trustDomain, a));
        all.addAll(wrongUse(a));
        all.addAll(wrongTimeOrKey(a));
        all.addAll(chains(a));
        return all;
    }

    static SvidRecipe expiring(String trustDomain, Duration life) {
        AltName a = uri("spiffe://" + trustDomain + "/ns/default/sa/sleep-us");
        return of("expiring", "expires soon", Verdict.ACCEPT_THEN_EXPIRE, a).valid(DAY.negated(), life);
    }

    private static List<SvidRecipe> accepted(String td, String a) {
        String b = "spiffe://" + td + "/ns/default/sa/sleep-canada";
        AltName loopback = new AltName(AltName.IP, "\u007f\0\0\1");
        return List.of(
                of("a", "identity A (sleep-us)", Verdict.ACCEPT, uri(a)),
                of("b", "identity B (sleep-canada)", Verdict.ACCEPT, uri(b)),
                of(
                        "c",
                        "an identity without any policy",
                        Verdict.ACCEPT_WITHOUT_POLICY,
                        uri("spiffe://" + td + "/ns/default/sa/nobody")),
                of("a-dns", "one URI and DNS names are legal", Verdict.ACCEPT, uri(a), dns("sleep.default.svc")),
                of("a-rsa", "an RSA key of 2048 bits", Verdict.ACCEPT, uri(a))
                        .rsa(2048)
                        .usage(SIGN | KeyUsage.keyEncipherment),
                of(
                        "gw",
                        "the gateway's own certificate",
                        Verdict.SERVER,
                        uri("spiffe://" + td + "/ns/egw/sa/gateway"),
                        dns("egw.rig.test"),
                        loopback),
                of("no-eku", "no extended key usage (it is a SHOULD)", Verdict.ACCEPT, uri(a))
                        .onlyFor(),
                of("revoked", "its serial number goes on a list", Verdict.REJECT_WHEN_REVOKED, uri(a)));
    }

    private static List<SvidRecipe> wrongKindOfName(String td, String a) {
        String b = "spiffe://" + td + "/ns/default/sa/sleep-canada";
        return List.of(
                of("two-uri", "two SPIFFE URIs", Verdict.REJECT, uri(a), uri(b)),
                of(
                        "uri-plus-http",
                        "a SPIFFE URI and an https URI",
                        Verdict.REJECT,
                        uri(a),
                        uri("https://example.com/")),
                of("no-san", "no SAN, the id in the common name", Verdict.REJECT)
                        .named("CN=" + a),
                of("dns-only", "only a DNS name", Verdict.REJECT, dns(td)),
                of("cn-only", "the account in the common name, no URI", Verdict.REJECT, dns("x.test"))
                        .named("CN=sleep-us"),
                of(
                        "email-san",
                        "the id as an e-mail address",
                        Verdict.REJECT,
                        new AltName(AltName.EMAIL, "sleep-us@" + td)));
    }

    private static List<SvidRecipe> wrongTrustDomain(String td, String a) {
        String account = "/ns/default/sa/sleep-us";
        String other = "spiffe://" + SvidMint.OTHER_TRUST_DOMAIN + account;
        String upper = td.toUpperCase(Locale.ROOT);
        return List.of(
                of("http-scheme", "the scheme https", Verdict.REJECT, uri("https://" + td + account)),
                of("upper-scheme", "the scheme in upper case", Verdict.REJECT, uri("SPIFFE://" + td + account)),
                of("upper-td", "the trust domain in upper case", Verdict.REJECT, uri("spiffe://" + upper + account)),
                of("foreign-td", "another trust domain, signed by our root", Verdict.REJECT, uri(other)),
                of("foreign-root", "our trust domain, signed by the other root", Verdict.REJECT, uri(a))
                        .by("otherca"),
                of("other-own", "the other trust domain by its own root", Verdict.REJECT_UNLESS_FEDERATED, uri(other))
                        .by("otherca"),
                of("rogue-root", "an unknown root with our root's subject", Verdict.REJECT, uri(a))
                        .by("rogue"),
                of("td-suffix", "our trust domain as a suffix", Verdict.REJECT, uri("spiffe://evil-" + td + account)),
                of(
                        "td-prefix",
                        "our trust domain as a prefix",
                        Verdict.REJECT,
                        uri("spiffe://" + td + ".evil.test" + account)));
    }

    private static List<SvidRecipe> wrongSpiffeId(String td, String a) {
        String base = "spiffe://" + td;
        return List.of(
                of("no-path", "a trust domain id", Verdict.REJECT, uri(base)),
                of("slash", "a slash at the end", Verdict.REJECT, uri(a + "/")),
                of("dbl-slash", "an empty segment", Verdict.REJECT, uri(base + "/ns//default/sa/sleep-us")),
                of("dotdot", "dot segments", Verdict.REJECT, uri(base + "/ns/default/sa/x/../sleep-us")),
                of("pct", "percent encoding", Verdict.REJECT, uri(base + "/ns/default/sa/sleep%2dus")),
                of("query", "a query", Verdict.REJECT, uri(a + "?x=1")),
                of("fragment", "a fragment", Verdict.REJECT, uri(a + "#x")),
                of("userinfo", "user information", Verdict.REJECT, uri("spiffe://u@" + td + "/ns/default/sa/sleep-us")),
                of("port", "a port", Verdict.REJECT, uri(base + ":443/ns/default/sa/sleep-us")),
                of("long-id", "more than 2048 octets", Verdict.REJECT, uri(a + "x".repeat(2048))),
                of("nul", "a NUL after the id", Verdict.REJECT, uri(a + "\0.evil")));
    }

    private static List<SvidRecipe> wrongUse(String a) {
        return List.of(
                of("ca-true", "a leaf with the cA flag", Verdict.REJECT, uri(a)).asAuthority(),
                of("certsign", "a leaf with keyCertSign", Verdict.REJECT, uri(a))
                        .usage(SIGN | KeyUsage.keyCertSign),
                of("crlsign", "a leaf with cRLSign", Verdict.REJECT, uri(a)).usage(SIGN | KeyUsage.cRLSign),
                of("no-digsig", "no digitalSignature", Verdict.REJECT, uri(a)).usage(KeyUsage.keyAgreement),
                of("no-ku", "no key usage", Verdict.REJECT, uri(a)).usage(0),
                of("eku-server", "serverAuth only", Verdict.REJECT, uri(a)).onlyFor(KeyPurposeId.id_kp_serverAuth),
                of("eku-email", "emailProtection only", Verdict.REJECT, uri(a))
                        .onlyFor(KeyPurposeId.id_kp_emailProtection));
    }

    private static List<SvidRecipe> wrongTimeOrKey(String a) {
        Duration hour = Duration.ofHours(1);
        return List.of(
                of("expired", "expired an hour ago", Verdict.REJECT, uri(a))
                        .valid(DAY.multipliedBy(2).negated(), hour.negated()),
                of("future", "valid from tomorrow", Verdict.REJECT, uri(a)).valid(DAY, DAY.multipliedBy(2)),
                of("short", "expires in 20 seconds", Verdict.ACCEPT_THEN_EXPIRE, uri(a))
                        .valid(DAY.negated(), Duration.ofSeconds(20)),
                of("rsa1024", "an RSA key of 1024 bits", Verdict.REJECT, uri(a)).rsa(1024),
                of("sha1", "a SHA-1 signature", Verdict.REJECT, uri(a)).signedWith("SHA1"));
    }

    private static List<SvidRecipe> chains(String a) {
        return List.of(
                of("via-int", "through one intermediate", Verdict.ACCEPT, uri(a))
                        .by("int")
                        .withIssuer(),
                of("via-int-missing", "the intermediate is not sent", Verdict.REJECT, uri(a))
                        .by("int"),
                // Another subject than its issuer's, or verifiers would take it for self-signed.
                of("via-leaf", "signed by the leaf a", Verdict.REJECT, uri(a))
                        .named("O=rig,CN=via-leaf")
                        .by("a")
                        .withIssuer());
    }

    private SvidRecipe named(String dn) {
        subject = dn;
        return this;
    }

    private SvidRecipe by(String otherIssuer) {
        issuer = otherIssuer;
        return this;
    }

    private SvidRecipe withIssuer() {
        sendsIssuer = true;
        return this;
    }

    private SvidRecipe asAuthority() {
        authority = true;
        return this;
    }

    private SvidRecipe usage(int bits) {
        keyUsage = bits;
        return this;
    }

    private SvidRecipe onlyFor(KeyPurposeId... ids) {
        purposes = List.of(ids);
        return this;
    }

    private SvidRecipe valid(Duration start, Duration end) {
        from = start;
        until = end;
        return this;
    }

    private SvidRecipe rsa(int bits) {
        rsaBits = bits;
        return this;
    }

    private SvidRecipe signedWith(String hash) {
        digest = hash;
        return this;
    }

    String name() {
        return name;
    }

    String why() {
        return why;
    }

    Verdict verdict() {
        return verdict;
    }

    String issuer() {
        return issuer;
    }

    /** Whether the issuer's certificate follows the leaf in the file. */
    boolean sendsIssuer() {
        return sendsIssuer;
    }

    KeyPair newKey() {
        return rsaBits == 0 ? CertificateMint.ecKey() : CertificateMint.rsaKey(rsaBits);
    }

    Content content(KeyPair keys, Instant now) {
        return new Content(
                new X500Name(subject),
                keys,
                now.plus(from),
                now.plus(until),
                names,
                new BasicConstraints(authority),
                keyUsage,
                purposes);
    }

    String digest() {
        return digest;
    }
}
