package dev.exeat.control.importing;

import dev.exeat.model.HostPattern;
import dev.exeat.model.InvalidNameException;
import dev.exeat.model.Place;
import org.jspecify.annotations.Nullable;

/** Names of other products, as names of ours. */
final class ForeignNames {
    private static final int MAX_NAME = 200;
    static final HostPattern EVERY_HOST = HostPattern.parse("*");

    /** How deep the wildcard of a source reaches. */
    enum Wildcard {
        ANY_DEPTH,
        /** One label, or nobody knows. */
        ONE_LABEL
    }

    private final Draft draft;
    private final Wildcard wildcard;

    ForeignNames(Draft draft, Wildcard wildcard) {
        this.draft = draft;
        this.wildcard = wildcard;
    }

    /** The host, or null where there is none that covers no more; the loss is told then. */
    @Nullable
    HostPattern host(Place place, String what, String text) {
        String name = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
        boolean leading = name.startsWith("*.") || name.startsWith("**.");
        String rest = leading ? name.substring(name.indexOf('.') + 1) : name;
        if (rest.indexOf('*') >= 0) {
            draft.loss(place, what, "\"" + text + "\" is left out: a * stands only for all labels before a name here");
            return null;
        }
        if (leading && wildcard == Wildcard.ONE_LABEL && !draft.options().deepWildcards()) {
            draft.loss(
                    place,
                    what,
                    "\"" + text + "\" is left out: it is for one label, or older versions take it so, and a wildcard"
                            + " here is for any number; name the hosts, or accept more with --deep-wildcards");
            return null;
        }
        if (leading && wildcard == Wildcard.ONE_LABEL) {
            draft.note("Wildcards that were for one label are for any number of labels here (--deep-wildcards).");
        }
        try {
            return HostPattern.parse(leading ? "*." + rest : rest);
        } catch (InvalidNameException e) {
            draft.loss(
                    place,
                    what,
                    "\"" + text + "\" is left out: no client can ask for it here (" + e.getMessage() + ")");
            return null;
        }
    }

    /** Whether each name that {@code inner} covers is covered by {@code outer}. */
    static boolean covers(HostPattern outer, HostPattern inner) {
        if (!outer.wildcard()) {
            return outer.equals(inner);
        }
        if (outer.suffix().isEmpty()) {
            return true;
        }
        return inner.suffix().endsWith("." + outer.suffix())
                || (inner.wildcard() && inner.suffix().equals(outer.suffix()));
    }

    /** Whether the text can be the name of a service account. */
    static boolean isAccount(String text) {
        return !text.isEmpty() && text.length() <= MAX_NAME && objectName(text).equals(text);
    }

    /** Whether the text can be the name of a namespace. */
    static boolean isNamespace(String text) {
        return isAccount(text) && text.length() <= 63 && text.indexOf('.') < 0;
    }

    /** @throws ImportException if the text is no name of a namespace */
    static String namespace(Place place, String text) {
        if (!isNamespace(text)) {
            throw new ImportException(place, "\"" + text + "\" is no name of a namespace", "");
        }
        return text;
    }

    /** A legal name of an object that is like the text. */
    static String objectName(String text) {
        StringBuilder name = new StringBuilder();
        for (int i = 0; i < text.length() && name.length() < MAX_NAME; i++) {
            char c = text.charAt(i);
            char lower = c >= 'A' && c <= 'Z' ? (char) (c + 32) : c;
            boolean plain = (lower >= 'a' && lower <= 'z') || (lower >= '0' && lower <= '9');
            boolean afterMark = name.isEmpty() || "-.".indexOf(name.charAt(name.length() - 1)) >= 0;
            if (plain) {
                name.append(lower);
            } else if (!afterMark) {
                name.append(lower == '.' ? '.' : '-');
            }
        }
        while (!name.isEmpty() && "-.".indexOf(name.charAt(name.length() - 1)) >= 0) {
            name.setLength(name.length() - 1);
        }
        return name.isEmpty() ? "policy" : name.toString();
    }
}
