package dev.exeat.control;

import dev.exeat.model.ObjectKey;
import dev.exeat.model.Problem;
import dev.exeat.model.Resource;
import dev.exeat.policy.Compilation;
import dev.exeat.policy.CompileOptions;
import dev.exeat.policy.PolicyCompiler;
import dev.exeat.policy.Recompiler;
import dev.exeat.policy.Snapshot;
import dev.exeat.policy.explain.Explainer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds the policy in force. Each change of the resources or of a fetched list is compiled on a thread of its own and
 * swapped in as a whole; changes that come while it works are taken together. A broken object leaves its last good
 * version in force. What is broken at the start has none: until it is mended, a broken rule denies everything within
 * its reach, and a file that cannot be read denies everything. Thread-safe; reading the snapshot is one volatile read.
 */
public final class Configuration implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Configuration.class);
    private static final Comparator<Problem> BY_PLACE = Comparator.comparing(
                    (Problem problem) -> problem.place().file())
            .thenComparingInt(problem -> problem.place().line())
            .thenComparingInt(problem -> problem.place().column());

    /** Everything that changes together. */
    private record InForce(ResourceSet set, ConfigurationState state, List<Resource> resources, List<Resource> sound) {
        /** After changes of objects that change nothing here, such as their status. */
        InForce at(ResourceSet same) {
            return new InForce(same, state.at(same.version()), resources, sound);
        }

        InForce afterFault() {
            return new InForce(set, state.afterFault(), resources, sound);
        }
    }

    private final ResourceSource source;
    private final PolicyCompiler compiler;
    private final Recompiler recompiler;
    private final ProviderLists lists;
    private final InstantSource clock;
    private final ObjectLedger ledger;
    private final UnreadManifests unread;
    private final List<Consumer<ConfigurationState>> listeners = new CopyOnWriteArrayList<>();
    private final Semaphore changes = new Semaphore(0);
    private final Object compiling = new Object();
    private final Thread thread;
    private final AtomicBoolean stale = new AtomicBoolean();
    private volatile InForce inForce;
    private volatile boolean closed;

    private Configuration(ResourceSource source, PolicyCompiler compiler, ProviderLists lists, InstantSource clock) {
        this.source = source;
        this.compiler = compiler;
        this.recompiler = compiler.recompiler();
        this.lists = lists;
        this.clock = clock;
        this.ledger = new ObjectLedger(recompiler::check);
        this.unread = new UnreadManifests(compiler.options().rootNamespace());
        // First, so that nothing that changes from here on is missed.
        source.onChange(changes::release);
        lists.onChange(() -> {
            stale.set(true);
            changes.release();
        });
        this.inForce = compile(source.current(), null);
        this.thread = Thread.ofPlatform().daemon().name("exeat-configuration").unstarted(this::follow);
    }

    /**
     * Compiles what the source has now, and from then on each change.
     *
     * @param compiler takes the contents of lists from {@code lists}
     * @param source and {@code lists} are closed with the configuration
     */
    public static Configuration open(
            ResourceSource source, PolicyCompiler compiler, ProviderLists lists, InstantSource clock) {
        Configuration configuration = new Configuration(source, compiler, lists, clock);
        lists.want(configuration.snapshot().providers());
        configuration.thread.start();
        return configuration;
    }

    public Snapshot snapshot() {
        return inForce.state().snapshot();
    }

    public List<Problem> problems() {
        return inForce.state().problems();
    }

    public ConfigurationState state() {
        return inForce.state();
    }

    /** What is in force, before it is compiled. */
    public record Objects(CompileOptions options, List<Resource> resources) {}

    public Objects objects() {
        return new Objects(compiler.options(), inForce.resources());
    }

    /** What is wrong with one object by itself. */
    public List<Problem> check(Resource resource) {
        return compiler.check(resource);
    }

    /** Explains what is in force now. */
    public Explainer explainer() {
        InForce now = inForce;
        return new Explainer(compiler, now.resources(), now.state().snapshot());
    }

    /** Whether a {@code ServiceAccount} resource declares the account. */
    public boolean knowsServiceAccount(String namespace, String name) {
        ObjectKey account = new ObjectKey("", "ServiceAccount", namespace, name);
        return inForce.sound().stream().anyMatch(resource -> resource.key().equals(account));
    }

    /** Looks at the source anew; when this returns, what it has is in force. */
    public void reload() {
        source.refresh();
        stale.set(true);
        update();
    }

    /**
     * Calls the listener after each compilation, a failed one too, and after changes of objects that changed nothing here, on
     * the thread that looked. {@link ConfigurationState#compilation} tells these apart.
     */
    public void onChange(Consumer<ConfigurationState> listener) {
        listeners.add(listener);
    }

    private void follow() {
        try {
            while (!closed) {
                changes.acquire();
                changes.drainPermits();
                if (!closed) {
                    update();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void update() {
        ConfigurationState state;
        synchronized (compiling) {
            try {
                boolean listsChanged = stale.getAndSet(false);
                ResourceSet set = source.current();
                if (!listsChanged && set.hasSame(inForce.set())) {
                    inForce = inForce.at(set);
                } else {
                    inForce = compile(set, inForce);
                    lists.want(inForce.state().snapshot().providers());
                }
            } catch (RuntimeException | StackOverflowError e) {
                LOG.atError()
                        .setCause(e)
                        .log("compiling the policy failed by a fault; the last good one stays in force");
                stale.set(true); // Whatever changes next, it is tried again.
                inForce = inForce.afterFault();
            }
            state = inForce.state();
        }
        for (Consumer<ConfigurationState> listener : listeners) {
            try {
                listener.accept(state);
            } catch (RuntimeException e) {
                LOG.atError().setCause(e).log("a listener of the configuration failed");
            }
        }
    }

    private InForce compile(ResourceSet set, @Nullable InForce before) {
        ObjectLedger.Accepted accepted = ledger.accept(set.resources());
        unread.update(set.problems());
        List<Resource> all = accepted.all();
        if (!unread.denyingRule().isEmpty()) {
            all = new ArrayList<>(all);
            all.addAll(unread.denyingRule());
        }
        Compilation compilation = recompiler.compile(all);
        List<Problem> problems = new ArrayList<>(set.problems());
        problems.addAll(unread.problems());
        problems.addAll(accepted.problems());
        problems.addAll(compilation.problems());
        problems.sort(BY_PLACE);
        ConfigurationState state = new ConfigurationState(
                compilation.snapshot(),
                problems,
                compilation.effects(),
                since(compilation.snapshot(), before),
                set.version(),
                before == null ? 1 : before.state().compilation() + 1);
        return new InForce(set, state, all, accepted.sound());
    }

    /** A change that changes nothing, as of a description, brings nothing into force. */
    private Instant since(Snapshot snapshot, @Nullable InForce before) {
        return before != null && before.state().snapshot().digest().equals(snapshot.digest())
                ? before.state().since()
                : clock.instant();
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        source.close();
        lists.close();
    }
}
