package dev.exeat.policy.mixer;

import dev.exeat.model.InvalidNameException;
import dev.exeat.policy.ListContent;
import dev.exeat.policy.ListProviders;
import dev.exeat.policy.ProviderSpec;
import dev.exeat.policy.cexl.CompiledExpression;
import dev.exeat.policy.cexl.Expression;
import dev.exeat.policy.manifest.Findings;
import dev.exeat.policy.mixer.MixerObject.Handler;
import dev.exeat.policy.mixer.MixerObject.Instance;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Builds the checks of {@code listchecker} handlers, each list once. Used while compiling; not thread-safe. */
final class ListLibrary {
    private final ListProviders providers;
    private final Map<ProviderSpec, @Nullable ListContent> contents = new HashMap<>();
    private final Map<String, Lists> lists = new HashMap<>();

    /** A handler's entries for values that are server names, and for others. */
    private record Lists(
            @Nullable EntryList forNames, @Nullable EntryList forTexts) {}

    ListLibrary(ListProviders providers) {
        this.providers = providers;
    }

    Check check(
            Handler handler,
            HandlerConfig.ListCheck config,
            Instance instance,
            InstanceConfig.ListEntry entry,
            Findings findings) {
        Lists built = lists.get(handler.fullName());
        if (built == null) {
            built = build(handler, config, findings);
            lists.put(handler.fullName(), built);
        }
        ListContent content = config.provider() == null ? null : content(config.provider());
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

    private Lists build(Handler handler, HandlerConfig.ListCheck config, Findings findings) {
        List<String> entries = new ArrayList<>(config.overrides());
        if (config.provider() != null) {
            ListContent content = content(config.provider());
            if (content == null) {
                return new Lists(null, null);
            }
            entries.addAll(content.entries());
        }
        try {
            return new Lists(
                    EntryList.of(config.entryType(), entries, true), EntryList.of(config.entryType(), entries, false));
        } catch (InvalidNameException e) {
            findings.warning(
                    "list-unusable",
                    handler.place(),
                    "",
                    "the fetched list of " + handler.key() + " cannot be used: " + e.getMessage(),
                    "mend the list; until then every check against it is denied");
            return new Lists(null, null);
        }
    }

    private @Nullable ListContent content(ProviderSpec spec) {
        if (!contents.containsKey(spec)) {
            contents.put(spec, providers.current(spec));
        }
        return contents.get(spec);
    }

    /** Whether a value is the canonical server name, perhaps with something in its place. */
    private static boolean isServerName(CompiledExpression value) {
        Expression syntax = value.syntax();
        List<Expression> choice = Expression.operands(syntax, "OR");
        Expression first = choice == null ? syntax : choice.getFirst();
        return first instanceof Expression.Variable variable && variable.name().equals(StandardAttributes.SERVER_NAME);
    }

    /** What was asked for, with the contents that were used, in a stable order. */
    Map<String, @Nullable ListContent> used() {
        Map<String, @Nullable ListContent> used = new TreeMap<>();
        contents.forEach((spec, content) -> used.put(spec.toString(), content));
        return used;
    }
}
