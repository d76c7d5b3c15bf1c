package dev.exeat.policy.cexl;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code map[key]}: the empty string for a key that is not there, except before {@code |}. */
record ElementOfMap(Code map, Code key) implements Code {
    @Override
    public Object value(AttributeBag bag) {
        Object element = ((Map<?, ?>) map.value(bag)).get(key.value(bag));
        return element == null ? "" : element;
    }

    @Override
    public @Nullable Object valueIfPresent(AttributeBag bag) {
        Map<?, ?> present = (Map<?, ?>) map.valueIfPresent(bag);
        Object index = present == null ? null : key.valueIfPresent(bag);
        return present == null || index == null ? null : present.get(index);
    }
}
