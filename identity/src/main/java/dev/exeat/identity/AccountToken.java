package dev.exeat.identity;

import java.time.Instant;
import java.util.List;

/**
 * What a service account's token proves.
 *
 * @param uid of the object that it was made for and ends with; empty if it was made for the name alone
 * @param audiences whom it was made for
 * @param id its own
 */
public record AccountToken(ServiceAccountRef account, String uid, List<String> audiences, String id, Instant notAfter) {
    public AccountToken {
        audiences = List.copyOf(audiences);
    }
}
