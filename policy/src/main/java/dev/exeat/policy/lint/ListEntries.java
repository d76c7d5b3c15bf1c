package dev.exeat.policy.lint;

import dev.exeat.policy.EntryType;
import dev.exeat.policy.manifest.Field;
import dev.exeat.policy.manifest.Fields;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The entries of a {@code listchecker}, with their places. */
record ListEntries(SpecView object, Fields params, EntryType type, boolean blacklist, List<Field> items) {
    private static final String ADAPTER = "listchecker";
    private static final Map<String, Integer> TYPES =
            Arrays.stream(EntryType.values()).collect(Collectors.toMap(EntryType::name, EntryType::ordinal));

    /** Null where the object is no list. */
    static @Nullable ListEntries of(SpecView object) {
        Fields params = switch (object.key().kind()) {
            case "handler" ->
                ADAPTER.equals(object.spec().text("compiled_adapter"))
                        ? object.spec().mapping("params")
                        : null;
            case ADAPTER -> object.spec();
            default -> null;
        };
        if (params == null) {
            return null;
        }
        return new ListEntries(
                object,
                params,
                EntryType.valueOf(params.enumerated("entry_type", TYPES, EntryType.STRINGS.name())),
                params.bool("blacklist", false),
                params.items("overrides"));
    }

    boolean ofTexts() {
        return type == EntryType.STRINGS || type == EntryType.CASE_INSENSITIVE_STRINGS;
    }
}
