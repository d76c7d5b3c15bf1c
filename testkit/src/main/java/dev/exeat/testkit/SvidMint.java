package dev.exeat.testkit;

import dev.exeat.testkit.CertificateMint.AltName;
import dev.exeat.testkit.CertificateMint.Content;
import dev.exeat.testkit.CertificateMint.Issued;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.jspecify.annotations.Nullable;

/**
 * Makes good and bad X.509-SVIDs (SPIFFE X509-SVID sections 2 to 5) of one trust domain, each in a file
 * {@code NAME.crt} (leaf, then intermediates) with {@code NAME.key}, and the roots {@code ca.crt} (the trust domain's
 * own), {@code otherca.crt} (of {@code other.test}) and {@code rogue.crt} (the same subject as ca, another key).
 */
public final class SvidMint {
    /** The trust domain of {@code otherca}. */
    public static final String OTHER_TRUST_DOMAIN = "other.test";

    private final Path directory;
    private final String trustDomain;
    private final Map<String, Issued> issuers = new LinkedHashMap<>();
    private final Map<String, Svid> svids = new LinkedHashMap<>();

    /** What a verifier that trusts {@code ca} alone shall do with a certificate. */
    public enum Verdict {
        ACCEPT,
        /** Accept it, and let no policy allow anything. */
        ACCEPT_WITHOUT_POLICY,
        /** Accept it until it expires 20 seconds later, then end what it opened. */
        ACCEPT_THEN_EXPIRE,
        /** Accept it as a server's. */
        SERVER,
        REJECT,
        /** Reject it unless the bundle of {@link #OTHER_TRUST_DOMAIN} is configured. */
        REJECT_UNLESS_FEDERATED,
        /** Accept it, and reject it once its serial number is revoked. */
        REJECT_WHEN_REVOKED
    }

    /** One minted certificate. */
    public record Svid(String name, String why, Verdict verdict, Path certificate, Path key) {}

    private SvidMint(Path directory, String trustDomain) {
        this.directory = directory;
        this.trustDomain = trustDomain;
    }

    /** Mints all of them into an existing directory. */
    public static SvidMint mint(Path directory, String trustDomain) {
        SvidMint mint = new SvidMint(directory, trustDomain);
        mint.root("ca", trustDomain, "ca");
        mint.root("otherca", OTHER_TRUST_DOMAIN, "otherca");
        mint.root("rogue", trustDomain, "ca");
        mint.mintAll(SvidRecipe.all(trustDomain));
        return mint;
    }

    /** All certificates by name, in the order they were made. */
    public Map<String, Svid> all() {
        return Collections.unmodifiableMap(svids);
    }

    /** @throws IllegalArgumentException if there is no such name */
    public Svid svid(String name) {
        Svid svid = svids.get(name);
        if (svid == null) {
            throw new IllegalArgumentException("no SVID is named " + name);
        }
        return svid;
    }

    /** The roots of the trust domain, as PEM. */
    public Path bundle() {
        return directory.resolve("ca.crt");
    }

    public String trustDomain() {
        return trustDomain;
    }

    /** Mints one more of identity {@code a}, whose end is near. */
    public Svid expiringIn(Duration life) {
        return mint(SvidRecipe.expiring(trustDomain, life));
    }

    private void mintAll(List<SvidRecipe> recipes) {
        for (SvidRecipe recipe : recipes) {
            if (recipe.issuer().equals("int") && !issuers.containsKey("int")) {
                intermediate();
            }
            Svid svid = mint(recipe);
            svids.put(svid.name(), svid);
        }
    }

    private Svid mint(SvidRecipe recipe) {
        KeyPair keys = recipe.newKey();
        Issued issued =
                CertificateMint.issue(recipe.content(keys, Instant.now()), issuer(recipe.issuer()), recipe.digest());
        issuers.put(recipe.name(), issued);
        List<Issued> chain = new ArrayList<>(List.of(issued));
        if (recipe.sendsIssuer()) {
            chain.add(issuer(recipe.issuer()));
        }
        Path certificate = write(recipe.name() + ".crt", pem(chain));
        Path key = write(
                recipe.name() + ".key",
                CertificateMint.pem("PRIVATE KEY", keys.getPrivate().getEncoded()));
        return new Svid(recipe.name(), recipe.why(), recipe.verdict(), certificate, key);
    }

    private void root(String name, String domain, String commonName) {
        Issued root = CertificateMint.root(
                new X500Name("O=" + domain + ",CN=" + commonName),
                List.of(new AltName(AltName.URI, "spiffe://" + domain)),
                Duration.ofDays(3650));
        issuers.put(name, root);
        write(name + ".crt", pem(List.of(root)));
    }

    private void intermediate() {
        Instant now = Instant.now();
        Issued issued = CertificateMint.issue(
                new Content(
                        new X500Name("O=" + trustDomain + ",CN=int"),
                        CertificateMint.ecKey(),
                        now.minus(Duration.ofDays(1)),
                        now.plus(Duration.ofDays(30)),
                        List.of(new AltName(AltName.URI, "spiffe://" + trustDomain)),
                        new BasicConstraints(0),
                        KeyUsage.keyCertSign | KeyUsage.cRLSign,
                        List.of()),
                issuer("ca"),
                "SHA256");
        issuers.put("int", issued);
        write("int.crt", pem(List.of(issued)));
    }

    private Issued issuer(String name) {
        @Nullable Issued issuer = issuers.get(name);
        return Objects.requireNonNull(issuer, name);
    }

    private static String pem(List<Issued> chain) {
        StringBuilder text = new StringBuilder();
        for (Issued issued : chain) {
            text.append(CertificateMint.pem(issued.certificate()));
        }
        return text.toString();
    }

    private Path write(String file, String text) {
        try {
            return Files.writeString(directory.resolve(file), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
