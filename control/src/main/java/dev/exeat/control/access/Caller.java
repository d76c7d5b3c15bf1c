package dev.exeat.control.access;

import dev.exeat.identity.ServiceAccountRef;
import dev.exeat.model.InvalidNameException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Who calls.
 *
 * @param uid empty where there is none
 * @param by who calls as this one, empty for a caller in its own name
 */
public record Caller(String user, String uid, List<String> groups, String by) {
    static final String EVERYBODY = "system:authenticated";
    static final String MASTERS = "system:masters";
    static final String ACCOUNTS = "system:serviceaccounts";
    private static final String ACCOUNT = "system:serviceaccount:";

    public Caller {
        groups = List.copyOf(groups);
    }

    /** Whoever may read the data directory. */
    static Caller operator() {
        return new Caller("operator", "", List.of(MASTERS, EVERYBODY), "");
    }

    static Caller user(String name, List<String> groups) {
        List<String> all = new ArrayList<>(groups);
        if (!all.contains(EVERYBODY)) {
            all.add(EVERYBODY);
        }
        return new Caller(name, "", all, "");
    }

    static Caller account(ServiceAccountRef account, String uid) {
        return new Caller(
                ACCOUNT + account.namespace() + ":" + account.name(),
                uid,
                List.of(ACCOUNTS, ACCOUNTS + ":" + account.namespace(), EVERYBODY),
                "");
    }

    /** The service account that the caller is, if it is one. */
    public Optional<ServiceAccountRef> account() {
        return account(user);
    }

    static Optional<ServiceAccountRef> account(String user) {
        int colon = user.startsWith(ACCOUNT) ? user.indexOf(':', ACCOUNT.length()) : -1;
        if (colon < 0) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    new ServiceAccountRef(user.substring(ACCOUNT.length(), colon), user.substring(colon + 1)));
        } catch (InvalidNameException e) {
            return Optional.empty();
        }
    }
}
