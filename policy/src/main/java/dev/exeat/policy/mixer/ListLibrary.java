package dev.exeat.policy.mixer;

import dev.exeat.model.InvalidNameException;
import dev.exeat.model.Problem;
import dev.exeat.policy.ListContent;
import dev.exeat.policy.ListProviders;
import dev.exeat.policy.ProviderSpec;
import dev.exeat.policy.cexl.CompiledExpression;
import dev.exeat.policy.cexl.Expression;
import dev.exeat.policy.mixer.HandlerConfig.ListCheck;
import dev.exeat.policy.mixer.MixerObject.Handler;
import dev.exeat.policy.mixer.MixerObject.Instance;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Builds the checks of {@code listchecker} handlers, each list once. Used while compiling; not thread-safe. */
final class ListLibrary {
    private final ListProviders providers;
    private final Map<String, Lists> lists = new HashMap<>();
    /** Those of {@link #lists} that take entries from elsewhere. */
    private final Map<String, Handler> fetching = new HashMap<>();

    /**
     * A handler's entries.
     *
     * @param forNames for values that are server names
     * @param content what was fetched, or null where nothing was
     * @param problem why the list cannot be used, or null where it can
     */
    private record Lists(
            @Nullable EntryList forNames,
            @Nullable EntryList forTexts,
            @Nullable ListContent content,
            @Nullable Problem problem) {}

    ListLibrary(ListProviders providers) {
        this.providers = providers;
    }

    /** Takes a change over, and gives the full names of handlers whose fetched entries changed. */
    Set<String> change(Collection<Handler> gone, Collection<Handler> come) {
        Map<ProviderSpec, @Nullable ListContent> now = new HashMap<>();
        for (Handler handler : gone) {
            lists.remove(handler.fullName());
            fetching.remove(handler.fullName());
        }
        for (Handler handler : come) {
            if (handler.config() instanceof ListCheck config) {
                lists.put(handler.fullName(), build(handler, config, content(config, now)));
                if (config.provider() != null) {
                    fetching.put(handler.fullName(), handler);
                }
            }
        }
        Set<String> changed = new HashSet<>();
        fetching.forEach((name, handler) -> {
            if (handler.config() instanceof ListCheck config) {
                ListContent content = content(config, now);
                Lists known = lists.get(name);
                if (known == null || !Objects.equals(known.content(), content)) {
                    lists.put(name, build(handler, config, content));
                    changed.add(name);
                }
            }
        });
        return changed;
    }

    /** Each list is asked for once, so that all handlers see the same. */
    private @Nullable ListContent content(ListCheck config, Map<ProviderSpec, @Nullable ListContent> now) {
        ProviderSpec spec = config.provider();
        if (spec == null) {
            return null;
        }
        if (!now.containsKey(spec)) {
            now.put(spec, providers.current(spec));
        }
        return now.get(spec);
    }

    Check check(Handler handler, ListCheck config, Instance instance, InstanceConfig.ListEntry entry) {
        Lists built = Objects.requireNonNull(lists.get(handler.fullName()), "every list handler has come");
        ListContent content = built.content();
        Instant expiry = config.provider() == null || content == null
                ? null
                : content.fetchedAt().plus(config.provider().ttl());
        return new Check.OfList(
                handler.key().name() + "." + handler.key().namespace(),
                instance.fullName(),
                entry.value(),
                config.blacklist(),
                isServerName(entry.value()) ? built.forNames() : built.forTexts(),
                expiry);
    }

    private static Lists build(Handler handler, ListCheck config, @Nullable ListContent content) {
        if (config.provider() != null && content == null) {
            return new Lists(null, null, null, null);
        }
        List<String> entries = new ArrayList<>(config.overrides());
        if (content != null) {
            entries.addAll(content.entries());
        }
        try {
            return new Lists(
                    EntryList.of(config.entryType(), entries, true),
                    EntryList.of(config.entryType(), entries, false),
                    content,
                    null);
        } catch (InvalidNameException e) {
            Problem problem = new Problem(
                    Problem.Severity.WARNING,
                    "list-unusable",
                    handler.place(),
                    handler.key(),
                    "",
                    "the fetched list of " + handler.key() + " cannot be used: " + e.getMessage(),
                    "mend the list; until then every check against it is denied");
            return new Lists(null, null, content, problem);
        }
    }

    /** Whether a value is the canonical server name, perhaps with something in its place. */
    private static boolean isServerName(CompiledExpression value) {
        Expression syntax = value.syntax();
        List<Expression> choice = Expression.operands(syntax, "OR");
        Expression first = choice == null ? syntax : choice.getFirst();
        return first instanceof Expression.Variable variable && variable.name().equals(StandardAttributes.SERVER_NAME);
    }

    List<Problem> problems() {
        List<Problem> problems = new ArrayList<>();
        lists.values().forEach(list -> {
            if (list.problem() != null) {
                problems.add(list.problem());
            }
        });
        return problems;
    }

    /** What was fetched for the lists that handlers want, in a stable order. */
    Map<String, @Nullable ListContent> contents() {
        Map<String, @Nullable ListContent> contents = new TreeMap<>();
        fetching.forEach((name, handler) -> {
            if (handler.config() instanceof ListCheck config && config.provider() != null) {
                Lists built = lists.get(name);
                contents.put(config.provider().toString(), built == null ? null : built.content());
            }
        });
        return contents;
    }

    /** The lists that handlers want. */
    Set<ProviderSpec> providers() {
        Set<ProviderSpec> specs = new HashSet<>();
        for (Handler handler : fetching.values()) {
            if (handler.config() instanceof ListCheck config && config.provider() != null) {
                specs.add(config.provider());
            }
        }
        return Set.copyOf(specs);
    }
}
