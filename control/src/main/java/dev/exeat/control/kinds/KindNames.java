package dev.exeat.control.kinds;

import java.util.List;
import java.util.Locale;

/**
 * What people and programs call a kind.
 *
 * @param kind as manifests spell it
 * @param plural as paths name it
 * @param categories that it is asked for with others, as {@code all}
 */
public record KindNames(String kind, String plural, String singular, List<String> shortNames, List<String> categories) {
    public KindNames {
        shortNames = List.copyOf(shortNames);
        categories = List.copyOf(categories);
    }

    /** The plural of a regular English word. */
    static KindNames regular(String kind, String... shortNames) {
        String singular = kind.toLowerCase(Locale.ROOT);
        return new KindNames(kind, singular + "s", singular, List.of(shortNames), List.of());
    }

    KindNames in(String category) {
        return new KindNames(kind, plural, singular, shortNames, List.of(category));
    }
}
