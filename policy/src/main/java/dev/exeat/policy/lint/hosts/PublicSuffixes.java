package dev.exeat.policy.lint.hosts;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.IDN;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Names under which anyone may get a name of their own, by the Public Suffix List: registries such as {@code co.uk}, and
 * platforms such as {@code github.io}. A top-level domain that the list doesn't name is no public suffix here, since it
 * is most likely a private one. Immutable and thread-safe.
 *
 * @see <a href="https://github.com/publicsuffix/list/wiki/Format">Format of the list</a>
 */
public final class PublicSuffixes {
    private static final String LIST = "public_suffix_list.dat";
    private static final String PRIVATE_SECTION = "// ===BEGIN PRIVATE DOMAINS===";

    private final Map<String, Kind> suffixes = new HashMap<>();
    private final Map<String, Kind> parents = new HashMap<>();
    private final Set<String> exceptions = new HashSet<>();
    private final Map<String, String> below = new HashMap<>();

    /** Who gives names away. */
    public enum Kind {
        /** A registry. */
        REGISTRY,
        /** A platform, to its customers. */
        PLATFORM
    }

    private PublicSuffixes(Stream<String> lines) {
        Kind[] section = {Kind.REGISTRY};
        lines.forEach(line -> {
            if (line.equals(PRIVATE_SECTION)) {
                section[0] = Kind.PLATFORM;
            } else if (!line.isBlank() && !line.startsWith("//")) {
                add(line.strip(), section[0]);
            }
        });
    }

    /** @param lines of a list as publicsuffix.org publishes it */
    public static PublicSuffixes parse(Stream<String> lines) {
        return new PublicSuffixes(lines);
    }

    /** The list that the program brings. */
    public static PublicSuffixes bundled() {
        try (InputStream stream = PublicSuffixes.class.getResourceAsStream(LIST)) {
            if (stream == null) {
                throw new IllegalStateException("the program lacks its resource " + LIST);
            }
            return parse(new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8)).lines());
        } catch (IOException e) {
            throw new UncheckedIOException("the program's resource " + LIST + " cannot be read", e);
        }
    }

    private void add(String rule, Kind kind) {
        if (rule.startsWith("!")) {
            exceptions.add(ascii(rule.substring(1)));
            return;
        }
        boolean wildcard = rule.startsWith("*.");
        String name = ascii(wildcard ? rule.substring(2) : rule);
        (wildcard ? parents : suffixes).putIfAbsent(name, kind);
        String example = wildcard ? "*." + name : name;
        for (String above : wildcard ? HostNames.andAbove(name) : HostNames.above(name)) {
            below.merge(above, example, PublicSuffixes::shorter);
        }
    }

    /** Younger scripts than the JDK's tables know are names all the same. */
    private static String ascii(String name) {
        return IDN.toASCII(name, IDN.ALLOW_UNASSIGNED);
    }

    private static String shorter(String left, String right) {
        return left.length() < right.length() || (left.length() == right.length() && left.compareTo(right) < 0)
                ? left
                : right;
    }

    /** Who gives away the names directly below this one; null where it is no public suffix. */
    public @Nullable Kind kind(String name) {
        Kind kind = suffixes.get(name);
        int dot = name.indexOf('.');
        if (kind == null && dot >= 0 && !exceptions.contains(name)) {
            kind = parents.get(name.substring(dot + 1));
        }
        return kind;
    }

    /** A public suffix below this name, for people; null where there is none. */
    public @Nullable String below(String name) {
        return below.get(name);
    }

    /** The shortest ending of a name that one owner has, as {@code example.co.uk}; null where there is none. */
    public @Nullable String registrable(String name) {
        String owned = null;
        for (String ending : HostNames.andAbove(name)) {
            if (kind(ending) != null) {
                return owned;
            }
            owned = ending;
        }
        return HostNames.lastTwoLabels(name);
    }

    /** Whether the names below this one belong to several owners. */
    public boolean isShared(String suffix) {
        return kind(suffix) != null || below(suffix) != null;
    }
}
