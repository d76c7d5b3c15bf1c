package dev.exeat.proxy.dns;

import dev.exeat.model.ServerName;
import java.time.Duration;

/** Is told what the resolver did, for metrics and logs. Called on any thread; must not block. */
public interface ResolverObserver {
    enum Source {
        NETWORK,
        CACHE,
        /** An answer past its time, because the name servers did not give a new one. */
        STALE
    }

    /** One call of {@code resolve} was answered. */
    void resolved(ServerName name, Resolution resolution, Source source, Duration took);

    /** A message came that was no answer to what was asked: a sign of forgery, or of a broken server. */
    void ignored(ServerName name, String why);

    static ResolverObserver none() {
        return new ResolverObserver() {
            @Override
            public void resolved(ServerName name, Resolution resolution, Source source, Duration took) {}

            @Override
            public void ignored(ServerName name, String why) {}
        };
    }
}
