package dev.exeat.control.access;

import dev.exeat.identity.ServiceAccountRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Lets those act as others who may ({@code kubectl --as}), by the headers {@code Impersonate-*}. Thread-safe. */
public final class Impersonation {
    private static final String USER = "Impersonate-User";
    private static final String GROUP = "Impersonate-Group";
    private static final String UID = "Impersonate-Uid";
    private static final String VERB = "impersonate";

    private final Authorizer authorizer;

    public Impersonation(Authorizer authorizer) {
        this.authorizer = authorizer;
    }

    /**
     * As whom a request is made.
     *
     * @throws ForbiddenException if the caller may not act as that one
     * @throws IllegalArgumentException if the headers name nobody
     */
    public Caller apply(Caller caller, Function<String, List<String>> headers) {
        List<String> users = headers.apply(USER);
        List<String> groups = headers.apply(GROUP);
        List<String> uids = headers.apply(UID);
        if (users.isEmpty() && groups.isEmpty() && uids.isEmpty()) {
            return caller;
        }
        if (users.size() != 1 || users.getFirst().isEmpty() || uids.size() > 1) {
            throw new IllegalArgumentException(
                    "requested groups or a uid without impersonating a user, or more than one user");
        }
        String user = users.getFirst();
        Optional<ServiceAccountRef> account = Caller.account(user);
        authorizer.require(
                caller,
                account.map(of -> Attributes.of(VERB, "", "serviceaccounts", "", of.namespace(), of.name()))
                        .orElseGet(() -> Attributes.of(VERB, "", "users", "", "", user)));
        for (String group : groups) {
            authorizer.require(caller, Attributes.of(VERB, "", "groups", "", "", group));
        }
        for (String uid : uids) {
            authorizer.require(caller, Attributes.of(VERB, Roles.AUTHENTICATION, "uids", "", "", uid));
        }
        List<String> all = new ArrayList<>(groups);
        if (groups.isEmpty() && account.isPresent()) {
            all.addAll(Caller.account(account.get(), "").groups());
        }
        Caller acting = Caller.user(user, all);
        return new Caller(user, uids.isEmpty() ? "" : uids.getFirst(), acting.groups(), caller.user());
    }
}
