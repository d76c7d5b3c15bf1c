package dev.exeat.control.access;

import dev.exeat.control.store.ObjectStore;
import dev.exeat.control.store.StoreKey;
import dev.exeat.control.store.StoredObject;
import dev.exeat.identity.AccountToken;
import dev.exeat.identity.ServiceAccountRef;
import java.util.function.Predicate;

/** The service accounts that there are. Thread-safe. */
public final class Accounts {
    private final ObjectStore store;
    private final Predicate<ServiceAccountRef> declared;

    /** @param declared whether an account is declared, be it in the store or elsewhere */
    public Accounts(ObjectStore store, Predicate<ServiceAccountRef> declared) {
        this.store = store;
        this.declared = declared;
    }

    /** Whether the account that the token was made for is there still: the same object, if it was made for one. */
    public boolean has(AccountToken token) {
        ServiceAccountRef account = token.account();
        if (!token.uid().isEmpty()) {
            return token.uid().equals(uid(account));
        }
        return account.equals(ServiceAccountRef.GATEWAY) || declared.test(account);
    }

    /** Of the object in the store; empty where there is none. */
    String uid(ServiceAccountRef account) {
        StoredObject object = store.find(new StoreKey("", "serviceaccounts", account.namespace(), account.name()));
        return object == null ? "" : object.body().at("/metadata/uid").asString("");
    }
}
