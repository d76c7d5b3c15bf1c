package dev.exeat.identity;

import dev.exeat.identity.SvidRefusedException.Kind;
import dev.exeat.model.SpiffeId;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * The rules behind {@code POST /v1/svid}: who gets a certificate, in whose name, and how often. Thread-safe.
 */
public final class SvidService {
    private final Authority authority;
    private final TokenAuthority tokens;
    private final Predicate<AccountToken> known;
    private final SanNames gatewayNames;
    private final IssuanceLimit limit;

    /**
     * @param known whether the account that a token proves is declared still; {@link ServiceAccountRef#GATEWAY} always is
     * @param gatewayNames what a gateway's certificate carries beside its ID
     */
    public SvidService(
            Authority authority, TokenAuthority tokens, Predicate<AccountToken> known, SanNames gatewayNames) {
        this(authority, tokens, known, gatewayNames, System::nanoTime);
    }

    /** @param nanoTime what bounds how often an identity may ask; never goes back, as a wall clock may */
    public SvidService(
            Authority authority,
            TokenAuthority tokens,
            Predicate<AccountToken> known,
            SanNames gatewayNames,
            LongSupplier nanoTime) {
        this.authority = authority;
        this.tokens = tokens;
        this.known = known;
        this.gatewayNames = gatewayNames;
        this.limit = new IssuanceLimit(nanoTime);
    }

    /**
     * A certificate for the key of the request, in the name of the token's service account, whatever the request says.
     *
     * @throws SvidRefusedException with the reason, fit for the caller
     * @throws IdentityStoreException if the ledger cannot be written
     */
    public IssuedSvid sign(String bearerToken, byte[] csrDer) {
        AccountToken token = authenticate(bearerToken);
        ServiceAccountRef account = token.account();
        if (!account.equals(ServiceAccountRef.GATEWAY) && !known.test(token)) {
            throw new SvidRefusedException(
                    Kind.UNKNOWN_ACCOUNT,
                    "service account " + account + " is not known; apply a ServiceAccount named " + account.name()
                            + " in namespace " + account.namespace());
        }
        return sign(account, csrDer);
    }

    /**
     * As {@link #sign(String, byte[])}, for an account that has proved itself otherwise.
     *
     * @param csrPem one PEM block {@code CERTIFICATE REQUEST}
     */
    public IssuedSvid sign(ServiceAccountRef account, String csrPem) {
        return sign(account, der(csrPem));
    }

    private IssuedSvid sign(ServiceAccountRef account, byte[] csrDer) {
        if (!limit.allows(account)) {
            throw new SvidRefusedException(
                    Kind.RATE_LIMITED,
                    "service account " + account + " asks for certificates too often; one a second is allowed after "
                            + IssuanceLimit.BURST + " at once");
        }
        SpiffeId id = account.spiffeId(authority.trustDomain());
        SanNames names = account.equals(ServiceAccountRef.GATEWAY) ? gatewayNames : SanNames.NONE;
        try {
            return authority.issue(csrDer, id, names);
        } catch (RefusedCsrException e) {
            throw new SvidRefusedException(Kind.BAD_CSR, e.getMessage());
        }
    }

    /** As {@link #sign(String, byte[])}, for a request as one PEM block {@code CERTIFICATE REQUEST}. */
    public IssuedSvid sign(String bearerToken, String csrPem) {
        return sign(bearerToken, der(csrPem));
    }

    private AccountToken authenticate(String bearerToken) {
        try {
            return tokens.verify(bearerToken);
        } catch (InvalidTokenException e) {
            throw new SvidRefusedException(Kind.UNAUTHENTICATED, e.getMessage());
        }
    }

    /** Empty, and so refused after the token, where the text is not PEM. */
    private static byte[] der(String csrPem) {
        if (csrPem.length() > SigningRequest.MAX_OCTETS * 2) {
            return new byte[0];
        }
        try {
            List<byte[]> requests = Pem.decode(Pem.CERTIFICATE_REQUEST, csrPem);
            return requests.size() == 1 ? requests.getFirst() : new byte[0];
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }
}
