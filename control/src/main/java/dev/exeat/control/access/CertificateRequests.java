package dev.exeat.control.access;

import dev.exeat.control.store.ObjectStore;
import dev.exeat.control.store.Scope;
import dev.exeat.control.store.StoreException;
import dev.exeat.control.store.StoredObject;
import dev.exeat.identity.IssuedSvid;
import dev.exeat.identity.ServiceAccountRef;
import dev.exeat.identity.SvidService;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Signs CertificateSigningRequests of the signer {@value #SIGNER} at once: a service account gets the certificate of its
 * own identity, whatever its request says. Of each account the last requests are kept. Thread-safe.
 */
public final class CertificateRequests {
    public static final String SIGNER = "exeat.dev/svid";

    private static final String RESOURCE = "certificatesigningrequests";
    private static final int KEPT_OF_ONE = 10;
    private static final int KEPT = 1000;
    private static final int MOST_CHARACTERS = 48 * 1024;

    private final SvidService issuing;
    private final ObjectStore store;
    private final InstantSource clock;

    public CertificateRequests(SvidService issuing, ObjectStore store, InstantSource clock) {
        this.issuing = issuing;
        this.store = store;
        this.clock = clock;
    }

    /** Whether objects of a kind are such requests. */
    public static boolean apply(String group, String resource) {
        return group.equals(Roles.CERTIFICATES) && resource.equals(RESOURCE);
    }

    /**
     * Puts in who asks, in place of what the request says of it.
     *
     * @return the request's PEM
     * @throws IllegalArgumentException if the request is for another signer or is none; the message says which field
     */
    public String prepare(Caller caller, ObjectNode request) {
        ObjectNode spec = request.withObject("/spec");
        String signer = spec.path("signerName").asString("");
        if (!signer.equals(SIGNER)) {
            throw new IllegalArgumentException("spec.signerName: Unsupported value: " + Quoted.of(signer)
                    + ": supported values: " + Quoted.of(SIGNER));
        }
        spec.put("username", caller.user());
        spec.put("uid", caller.uid());
        ArrayNode groups = spec.putArray("groups");
        caller.groups().forEach(groups::add);
        spec.remove("extra");
        request.remove("status");
        String text = spec.path("request").asString("");
        if (text.isEmpty() || text.length() > MOST_CHARACTERS) {
            throw new IllegalArgumentException("spec.request: Required value: PEM of at most 32 KiB, in base64");
        }
        try {
            return new String(Base64.getDecoder().decode(text), StandardCharsets.ISO_8859_1);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("spec.request: Invalid value: not base64", e);
        }
    }

    /**
     * Fills in the certificate of the caller's identity.
     *
     * @param csrPem of {@link #prepare}
     * @throws ForbiddenException if the caller is no service account
     * @throws dev.exeat.identity.SvidRefusedException if the request is not one that the authority signs
     */
    public void sign(Caller caller, String csrPem, ObjectNode request) {
        Optional<ServiceAccountRef> account = caller.account();
        if (account.isEmpty()) {
            Attributes asked = Attributes.of("sign", Roles.CERTIFICATES, "signers", "", "", SIGNER);
            throw new ForbiddenException(
                    asked.refusal(caller) + ": only a service account has an identity to be certified", asked);
        }
        IssuedSvid issued = issuing.sign(account.get(), csrPem);
        String now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
        ObjectNode status = request.putObject("status");
        status.putArray("conditions")
                .addObject()
                .put("type", "Approved")
                .put("status", "True")
                .put("reason", "OwnIdentity")
                .put("message", "the certificate is that of the requestor's own identity")
                .put("lastUpdateTime", now)
                .put("lastTransitionTime", now);
        status.put(
                "certificate",
                Base64.getEncoder().encodeToString(issued.chainPem().getBytes(StandardCharsets.US_ASCII)));
    }

    /** Forgets the oldest requests, so that nobody fills the store with them. */
    public void forgetOld(Caller caller) {
        List<StoredObject> all = new ArrayList<>(
                store.list(new Scope(Roles.CERTIFICATES, RESOURCE, "")).objects());
        all.sort(Comparator.comparingLong(StoredObject::resourceVersion));
        List<StoredObject> own = all.stream()
                .filter(request -> username(request.body()).equals(caller.user()))
                .toList();
        forget(own, KEPT_OF_ONE);
        forget(all, KEPT);
    }

    private static String username(JsonNode request) {
        return request.at("/spec/username").asString("");
    }

    private void forget(List<StoredObject> oldestFirst, int kept) {
        for (StoredObject old : oldestFirst.subList(0, Math.max(0, oldestFirst.size() - kept))) {
            try {
                store.delete(old.key(), 0);
            } catch (StoreException e) {
                if (e.kind() != StoreException.Kind.MISSING) {
                    throw e;
                }
            }
        }
    }
}
