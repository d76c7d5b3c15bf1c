package dev.exeat.identity;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;

/** Makes and checks bearer tokens of service accounts. */
public final class TokenAuthority {
    public static final Duration DEFAULT_LIFETIME = Duration.ofHours(1);
    public static final Duration MAX_LIFETIME = Duration.ofDays(365);

    private TokenAuthority() {}

    public static TokenAuthority open(Path dataDir, InstantSource clock) {
        return Unbuilt.value();
    }

    public String create(ServiceAccountRef account, Duration lifetime) {
        return Unbuilt.value();
    }

    public ServiceAccountRef verify(String jwt) {
        return Unbuilt.value();
    }
}
