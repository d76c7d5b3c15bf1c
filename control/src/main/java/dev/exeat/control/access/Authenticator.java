package dev.exeat.control.access;

import dev.exeat.identity.AccountToken;
import dev.exeat.identity.ClientAuthority;
import dev.exeat.identity.InvalidClientException;
import dev.exeat.identity.InvalidTokenException;
import dev.exeat.identity.Revocations;
import dev.exeat.identity.TokenAuthority;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/** Says who a caller is, by its certificate or its token. Thread-safe. */
public final class Authenticator {
    private final OperatorToken operator;
    private final ClientAuthority clients;
    private final Supplier<Revocations> revoked;
    private final TokenAuthority tokens;
    private final Accounts accounts;

    public Authenticator(
            OperatorToken operator,
            ClientAuthority clients,
            Supplier<Revocations> revoked,
            TokenAuthority tokens,
            Accounts accounts) {
        this.operator = operator;
        this.clients = clients;
        this.revoked = revoked;
        this.tokens = tokens;
        this.accounts = accounts;
    }

    /**
     * As Kubernetes does it: a certificate that proves somebody suffices, else the token must.
     *
     * @throws UnauthenticatedException if neither does
     */
    public Caller authenticate(Credentials credentials) {
        Optional<Caller> byCertificate = byCertificate(credentials);
        if (byCertificate.isPresent()) {
            return byCertificate.get();
        }
        String token = credentials.token();
        if (token.isEmpty()) {
            throw new UnauthenticatedException("neither a token nor a certificate of this authority");
        }
        try {
            return byToken(token, Set.of(TokenAuthority.AUDIENCE)).caller();
        } catch (InvalidTokenException e) {
            throw new UnauthenticatedException(String.valueOf(e.getMessage()));
        }
    }

    private Optional<Caller> byCertificate(Credentials credentials) {
        if (credentials.certificate() == null) {
            return Optional.empty();
        }
        if (revoked.get().revokes(credentials.certificate())) {
            throw new UnauthenticatedException("the certificate is revoked");
        }
        try {
            ClientAuthority.Client client = clients.verify(credentials.certificate());
            return Optional.of(Caller.user(client.user(), client.groups()));
        } catch (InvalidClientException e) {
            return Optional.empty();
        }
    }

    /** Whom a token proves, and for which of the audiences asked for. */
    record Proven(Caller caller, Set<String> audiences) {}

    /** @throws InvalidTokenException if it proves nobody */
    Proven byToken(String token, Set<String> audiences) {
        if (operator.is(token)) {
            if (!audiences.contains(TokenAuthority.AUDIENCE)) {
                throw new InvalidTokenException("the token is for another audience");
            }
            return new Proven(Caller.operator(), Set.of(TokenAuthority.AUDIENCE));
        }
        AccountToken proven = tokens.verify(token, audiences);
        if (!accounts.has(proven)) {
            throw new InvalidTokenException("the token's service account is gone");
        }
        Set<String> shared = new TreeSet<>(audiences);
        shared.retainAll(proven.audiences());
        String uid = proven.uid().isEmpty() ? accounts.uid(proven.account()) : proven.uid();
        return new Proven(Caller.account(proven.account(), uid), shared);
    }
}
