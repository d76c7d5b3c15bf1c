package dev.exeat.cli.up;

import dev.exeat.control.access.AccessControl;
import dev.exeat.control.access.Accounts;
import dev.exeat.control.access.AuditLog;
import dev.exeat.control.access.Authenticator;
import dev.exeat.control.access.Authorizer;
import dev.exeat.control.access.CertificateRequests;
import dev.exeat.control.access.OperatorToken;
import dev.exeat.control.access.Roles;
import dev.exeat.control.access.TokenRequests;
import dev.exeat.control.kinds.KindCatalogue;
import dev.exeat.control.store.ObjectStore;
import dev.exeat.identity.ClientAuthority;
import dev.exeat.identity.Revocations;
import dev.exeat.identity.SvidService;
import dev.exeat.identity.TokenAuthority;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.function.Supplier;

/** Who may do what on the API of a data directory. */
record ApiAccess(AccessControl control, OperatorToken operator, X509Certificate clientRoot) {
    /** Who has which identity. */
    record Identities(TokenAuthority tokens, Supplier<Revocations> revoked, Accounts accounts, SvidService issuing) {}

    /** Makes the operator's token and the clients' authority in the directory where there are none. */
    static ApiAccess open(
            Path directory,
            ObjectStore store,
            KindCatalogue kinds,
            Identities identities,
            Closing closing,
            InstantSource clock) {
        Roles roles = new Roles(kinds);
        roles.write(store, clock);
        OperatorToken operator = OperatorToken.open(directory);
        ClientAuthority clients = ClientAuthority.open(directory, clock);
        AccessControl control = new AccessControl(
                new Authenticator(operator, clients, identities.revoked(), identities.tokens(), identities.accounts()),
                new Authorizer(store, roles),
                closing.add(AuditLog.open(directory, store, clock)),
                new TokenRequests(identities.tokens(), clock),
                new CertificateRequests(identities.issuing(), store, clock));
        return new ApiAccess(control, operator, clients.root());
    }
}
