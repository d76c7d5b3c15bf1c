package dev.exeat.cli.objects;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the words behind a command choose: {@code KIND[,KIND] [NAME ...]} or {@code KIND/NAME ...}.
 *
 * @param named whether objects are named, not all of a kind meant
 */
record Selection(List<Part> parts, boolean named) {
    Selection {
        parts = List.copyOf(parts);
    }

    /**
     * What is read at a time.
     *
     * @param name empty for all of the kind
     * @param namespace null for that of the command
     */
    record Part(ResourceKind kind, String name, @Nullable String namespace) {
        Part(ResourceKind kind, String name) {
            this(kind, name, null);
        }
    }

    /** The objects of files. */
    static Selection of(List<Declared> objects) {
        return new Selection(
                objects.stream()
                        .map(object -> new Part(object.kind(), object.name(), object.namespace()))
                        .toList(),
                true);
    }

    /** @throws ObjectException if they cannot be understood, or there is no such kind */
    static Selection of(List<String> words, KindIndex kinds) {
        boolean pairs = words.stream().anyMatch(word -> word.contains("/"));
        return pairs ? pairs(words, kinds) : kindsAndNames(words, kinds);
    }

    private static Selection pairs(List<String> words, KindIndex kinds) {
        List<Part> parts = new ArrayList<>();
        for (String word : words) {
            String[] pair = word.split("/", -1);
            if (pair.length == 1) {
                throw ObjectException.of(
                        "there is no need to specify a resource type as a separate argument when passing arguments in"
                                + " resource/name form (e.g. 'exeat get resource/<resource_name>' instead of 'exeat get"
                                + " resource resource/<resource_name>'");
            }
            if (pair.length != 2 || pair[0].isEmpty() || pair[1].isEmpty()) {
                throw ObjectException.of("arguments in resource/name form must have a single resource and name");
            }
            parts.add(new Part(kinds.named(pair[0]), pair[1]));
        }
        return new Selection(parts, true);
    }

    private static Selection kindsAndNames(List<String> words, KindIndex kinds) {
        List<ResourceKind> named = new ArrayList<>();
        for (String word : words.getFirst().split(",", -1)) {
            ResourceKind kind = kinds.named(word);
            if (!named.contains(kind)) {
                named.add(kind);
            }
        }
        List<String> names = words.subList(1, words.size());
        List<Part> parts = new ArrayList<>();
        for (ResourceKind kind : named) {
            if (names.isEmpty()) {
                parts.add(new Part(kind, ""));
            }
            names.forEach(name -> parts.add(new Part(kind, name)));
        }
        return new Selection(parts, !names.isEmpty());
    }

    boolean ofSeveralKinds() {
        return parts.stream().map(Part::kind).distinct().count() > 1;
    }
}
