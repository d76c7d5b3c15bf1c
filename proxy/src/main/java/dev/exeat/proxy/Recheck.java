package dev.exeat.proxy;

import dev.exeat.identity.PeerRole;
import dev.exeat.identity.SvidValidator;
import dev.exeat.model.Attempt;
import dev.exeat.policy.Denial;
import dev.exeat.policy.Permit;
import dev.exeat.policy.Snapshot;
import dev.exeat.proxy.EgressConnection.Leave;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Judges the open connections again when identities or the policy have changed, and ends those that would not be
 * permitted now, as the {@link Rules} say. Works on a thread of its own; safe for any thread.
 */
public final class Recheck implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Recheck.class);
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /**
     * What becomes of whom.
     *
     * @param onRevoke where the identity is revoked, or its roots are no longer trusted
     * @param onPolicyChange where the policy would deny it
     * @param drain how long {@link OnChange#DRAIN} lets it go on
     */
    public record Rules(OnChange onRevoke, OnChange onPolicyChange, Duration drain) {}

    private final EgressServices services;
    private final SvidValidator validator;
    private final OpenConnections<EgressConnection> open;
    private final Rules rules;
    private final AtomicBoolean asked = new AtomicBoolean();
    /** Those whose drain has begun; touched by the thread alone. */
    private final Set<EgressConnection> draining = new HashSet<>();

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("recheck").factory());

    Recheck(EgressServices services, SvidValidator validator, OpenConnections<EgressConnection> open, Rules rules) {
        this.services = services;
        this.validator = validator;
        this.open = open;
        this.rules = rules;
    }

    /** Something has changed: looks at every open connection soon. Calls that come while it looks make one more look. */
    public void changed() {
        if (rules.onRevoke() == OnChange.KEEP && rules.onPolicyChange() == OnChange.KEEP) {
            return;
        }
        if (asked.compareAndSet(false, true)) {
            thread.execute(this::look);
        }
    }

    private void look() {
        asked.set(false);
        try {
            Snapshot policy = services.policy().get();
            for (Asked asked : open.all().stream().map(Asked::of).toList()) {
                CutCause cause =
                        answer(asked.leave()).map(leave -> cause(leave, policy)).orElse(null);
                if (cause != null) {
                    end(asked.connection(), cause);
                }
            }
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("open connections could not be judged again; the next change tries anew");
        }
    }

    /** All are asked at once, so that a loop is woken once for many. */
    private record Asked(EgressConnection connection, CompletableFuture<Optional<Leave>> leave) {
        static Asked of(EgressConnection connection) {
            return new Asked(connection, connection.leave());
        }
    }

    private static Optional<Leave> answer(CompletableFuture<Optional<Leave>> asked) {
        try {
            return asked.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private @Nullable CutCause cause(Leave leave, Snapshot policy) {
        Permit permit = leave.permit();
        if (rules.onRevoke() != OnChange.KEEP
                && leave.outer() != null
                && !validator.stillStands(
                        leave.outer().peerChainDer(),
                        PeerRole.CLIENT,
                        permit.attempt().time())) {
            return CutCause.REVOKED;
        }
        if (rules.onPolicyChange() != OnChange.KEEP && !policy.digest().equals(permit.digest())) {
            Attempt again = permit.attempt().at(services.clock().instant());
            return policy.decide(again) instanceof Denial ? CutCause.POLICY_CHANGED : null;
        }
        return null;
    }

    private void end(EgressConnection connection, CutCause cause) {
        OnChange effect = cause == CutCause.REVOKED ? rules.onRevoke() : rules.onPolicyChange();
        LOG.atInfo()
                .addKeyValue("id", connection.id())
                .addKeyValue("cause", cause.flag())
                .addKeyValue("effect", effect)
                .log("an open connection would not be permitted now");
        if (effect == OnChange.CUT) {
            connection.cut(cause);
        } else if (draining.add(connection)) {
            var _ = thread.schedule(() -> endOfDrain(connection), rules.drain().toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** Cut, unless it is permitted again by now. */
    private void endOfDrain(EgressConnection connection) {
        draining.remove(connection);
        answer(connection.leave())
                .map(leave -> cause(leave, services.policy().get()))
                .ifPresent(connection::cut);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
