package dev.exeat.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.exeat.model.InvalidNameException;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Makes and checks the bearer tokens of service accounts: JWTs (RFC 7519), signed ES256 (RFC 7518 section 3.4) with a
 * key of the data directory. Thread-safe.
 */
public final class TokenAuthority {
    public static final Duration DEFAULT_LIFETIME = Duration.ofHours(1);
    public static final Duration MAX_LIFETIME = Duration.ofDays(365);
    /** Whom a token is for that the API itself takes. */
    public static final String AUDIENCE = "exeat";

    private static final String KEY = "token-key.pem";
    private static final String ISSUER = "exeat";
    private static final String BINDING = "kubernetes.io";
    private static final String SUBJECT = "system:serviceaccount:";
    private static final int MAX_OCTETS = 8192;
    /** How far in the future a token may have been made, for a machine that made it and set its clock back. */
    private static final Duration CLOCK_SKEW = Duration.ofMinutes(1);

    private final ECDSASigner signer;
    private final ECDSAVerifier verifier;
    private final InstantSource clock;

    private TokenAuthority(ECDSASigner signer, ECDSAVerifier verifier, InstantSource clock) {
        this.signer = signer;
        this.verifier = verifier;
        this.clock = clock;
    }

    /**
     * Opens the key of the directory; both are made if they are not there. Processes that race get the same key.
     *
     * @throws IdentityStoreException if the key cannot be used; the message has the cure
     */
    public static TokenAuthority open(Path dataDir, InstantSource clock) {
        SecretFiles.prepareDirectory(dataDir);
        KeyPair keys = KeyFile.openOrCreate(dataDir.resolve(KEY));
        try {
            return new TokenAuthority(
                    new ECDSASigner((ECPrivateKey) keys.getPrivate()),
                    new ECDSAVerifier((ECPublicKey) keys.getPublic()),
                    clock);
        } catch (JOSEException e) {
            throw new IllegalStateException("a P-256 key is not one for ES256", e);
        }
    }

    /**
     * A token that proves to be the account, to the API.
     *
     * @param lifetime one second to 365 days
     * @throws IllegalArgumentException if the lifetime is not in its range
     */
    public String create(ServiceAccountRef account, Duration lifetime) {
        return create(account, "", List.of(AUDIENCE), lifetime);
    }

    /**
     * As {@link #create(ServiceAccountRef, Duration)}.
     *
     * @param uid of the account's object, with which the token ends; empty for any object of the name
     * @param audiences whom the token is for, not empty
     */
    public String create(ServiceAccountRef account, String uid, List<String> audiences, Duration lifetime) {
        if (lifetime.compareTo(Duration.ofSeconds(1)) < 0 || lifetime.compareTo(MAX_LIFETIME) > 0) {
            throw new IllegalArgumentException("a token's lifetime is one second to 365 days");
        }
        Instant now = clock.instant();
        JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder()
                .issuer(ISSUER)
                .subject(SUBJECT + account.namespace() + ":" + account.name())
                .audience(audiences)
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plus(lifetime)))
                .jwtID(UUID.randomUUID().toString());
        if (!uid.isEmpty()) {
            // As Kubernetes names it, for those who read its tokens.
            claims.claim(
                    BINDING,
                    Map.of(
                            "namespace",
                            account.namespace(),
                            "serviceaccount",
                            Map.of("name", account.name(), "uid", uid)));
        }
        SignedJWT jwt = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.ES256)
                        .type(JOSEObjectType.JWT)
                        .build(),
                claims.build());
        try {
            jwt.sign(signer);
        } catch (JOSEException e) {
            throw new IllegalStateException("cannot sign a token", e);
        }
        return jwt.serialize();
    }

    /**
     * What the token proves to the API.
     *
     * @throws InvalidTokenException if it proves nothing
     */
    public AccountToken verify(String jwt) {
        return verify(jwt, Set.of(AUDIENCE));
    }

    /**
     * What the token proves. Whether the account is still there is for the caller to see.
     *
     * @param audiences of which the token must be for one
     * @throws InvalidTokenException if it proves nothing
     */
    public AccountToken verify(String jwt, Set<String> audiences) {
        if (jwt.length() > MAX_OCTETS) {
            throw new InvalidTokenException("the token is longer than " + MAX_OCTETS + " octets");
        }
        try {
            JWTClaimsSet claims = authenticClaims(jwt);
            check(claims, audiences);
            return new AccountToken(
                    account(claims.getSubject()),
                    uid(claims),
                    claims.getAudience(),
                    claims.getJWTID(),
                    claims.getExpirationTime().toInstant());
        } catch (ParseException | RuntimeException e) {
            if (e instanceof InvalidTokenException invalid) {
                throw invalid;
            }
            // Without the cause: a parser's message may quote the token.
            throw new InvalidTokenException("the token is malformed");
        }
    }

    private JWTClaimsSet authenticClaims(String text) throws ParseException {
        SignedJWT jwt = SignedJWT.parse(text);
        if (!JWSAlgorithm.ES256.equals(jwt.getHeader().getAlgorithm())) {
            throw new InvalidTokenException("the token is not signed with ES256");
        }
        boolean authentic;
        try {
            authentic = jwt.verify(verifier);
        } catch (JOSEException e) {
            authentic = false;
        }
        if (!authentic) {
            throw new InvalidTokenException("the token was not made by this authority; make one with exeat token create"
                    + " on the authority's data directory");
        }
        return jwt.getJWTClaimsSet();
    }

    private void check(JWTClaimsSet claims, Set<String> audiences) {
        Instant now = clock.instant();
        Instant issued = instant(claims.getIssueTime());
        Instant expiry = instant(claims.getExpirationTime());
        if (!ISSUER.equals(claims.getIssuer())
                || Collections.disjoint(claims.getAudience(), audiences)
                || claims.getJWTID() == null) {
            throw new InvalidTokenException("the token is not one for this authority");
        }
        if (issued.isAfter(now.plus(CLOCK_SKEW))
                || Duration.between(issued, expiry).compareTo(MAX_LIFETIME) > 0) {
            throw new InvalidTokenException("the token's times are not ones that this authority gives");
        }
        if (!now.isBefore(expiry)) {
            throw new InvalidTokenException("the token has expired; make a new one with exeat token create");
        }
    }

    private static String uid(JWTClaimsSet claims) {
        Object binding = claims.getClaim(BINDING);
        if (binding == null) {
            return "";
        }
        if (binding instanceof Map<?, ?> bound
                && bound.get("serviceaccount") instanceof Map<?, ?> account
                && account.get("uid") instanceof String uid
                && !uid.isEmpty()) {
            return uid;
        }
        throw new InvalidTokenException("the token is bound to something other than a service account");
    }

    private static Instant instant(@Nullable Date date) {
        if (date == null) {
            throw new InvalidTokenException("the token lacks a time");
        }
        return date.toInstant();
    }

    private static ServiceAccountRef account(@Nullable String subject) {
        if (subject == null || !subject.startsWith(SUBJECT)) {
            throw new InvalidTokenException("the token names no service account");
        }
        String[] parts = subject.substring(SUBJECT.length()).split(":", -1);
        try {
            if (parts.length == 2) {
                return new ServiceAccountRef(parts[0], parts[1]);
            }
        } catch (InvalidNameException e) {
            throw new InvalidTokenException("the token's service account is not a valid name");
        }
        throw new InvalidTokenException("the token names no service account");
    }
}
