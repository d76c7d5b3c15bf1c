package dev.exeat.proxy.dns;

import dev.exeat.model.ServerName;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** A resolver of host names. */
public final class Resolver implements AutoCloseable {
    public Resolver(ResolverOptions options, LongSupplier nanos, ResolverObserver observer) {}

    @SuppressWarnings("DoNotCallSuggester")
    public void resolve(ServerName name, Consumer<Resolution> done) {
        throw new UnsupportedOperationException("not built yet");
    }

    public Resolution.@Nullable Resolved cached(ServerName name) {
        return null;
    }

    @Override
    public void close() {}
}
