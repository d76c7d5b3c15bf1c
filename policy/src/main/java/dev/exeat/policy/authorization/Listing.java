package dev.exeat.policy.authorization;

import java.util.List;
import java.util.stream.Collectors;

/** The first of many values, for a sentence. */
final class Listing {
    private static final int TOLD = 5;

    private Listing() {}

    static String of(List<?> values) {
        String told = values.stream().limit(TOLD).map(Object::toString).collect(Collectors.joining(", "));
        return values.size() > TOLD ? told + " and " + (values.size() - TOLD) + " more" : told;
    }
}
