package dev.exeat.policy.authorization;

import dev.exeat.model.Attempt;
import dev.exeat.model.SpiffeId;
import org.jspecify.annotations.Nullable;

/** A text of an attempt that a policy may compare. */
enum TextSource {
    /** The identity without its scheme. */
    PRINCIPAL {
        @Override
        @Nullable
        String of(SpiffeId source) {
            return source.principal();
        }
    },
    NAMESPACE {
        @Override
        @Nullable
        String of(SpiffeId source) {
            return source.namespace();
        }
    },
    /** As {@code namespace/name}. */
    SERVICE_ACCOUNT {
        @Override
        @Nullable
        String of(SpiffeId source) {
            String namespace = source.namespace();
            String account = source.serviceAccount();
            return namespace == null || account == null ? null : namespace + "/" + account;
        }
    },
    TRUST_DOMAIN {
        @Override
        @Nullable
        String of(SpiffeId source) {
            return source.trustDomain();
        }
    },
    /** The canonical server name; there is always one. */
    SERVER_NAME {
        @Override
        @Nullable
        String of(Attempt attempt) {
            return attempt.target().host().value();
        }
    };

    /** Null where the client has none. */
    @Nullable
    String of(Attempt attempt) {
        return attempt.source() == null ? null : of(attempt.source());
    }

    @Nullable
    String of(SpiffeId source) {
        return null;
    }
}
