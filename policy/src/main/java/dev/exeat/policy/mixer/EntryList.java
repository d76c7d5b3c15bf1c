package dev.exeat.policy.mixer;

import dev.exeat.model.Cidr;
import dev.exeat.model.HostPattern;
import dev.exeat.model.InvalidNameException;
import dev.exeat.model.IpAddress;
import dev.exeat.policy.EntryType;
import dev.exeat.policy.cexl.ExpressionException;
import dev.exeat.policy.cexl.LinearPattern;
import dev.exeat.policy.stage.NearName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The entries of a list, ready to be searched. Immutable and thread-safe. */
public final class EntryList {
    static final int MAX_PATTERNS = 1000;
    /** Entries that are looked at for one that is near. */
    private static final int MAX_COMPARED = 10_000;

    private final EntryType type;
    private final Set<String> texts;
    private final List<Cidr> blocks;
    private final List<LinearPattern> patterns;

    private EntryList(EntryType type, Set<String> texts, List<Cidr> blocks, List<LinearPattern> patterns) {
        this.type = type;
        this.texts = Set.copyOf(texts);
        this.blocks = List.copyOf(blocks);
        this.patterns = List.copyOf(patterns);
    }

    /**
     * The list of some entries; empty ones count for nothing.
     *
     * @param names whether the values asked for are canonical server names: entries that are texts are then also
     *     understood in other letter cases and as U-labels
     * @throws InvalidNameException if an entry is invalid, or there are too many patterns
     */
    static EntryList of(EntryType type, Iterable<String> entries, boolean names) {
        Set<String> texts = new HashSet<>();
        List<Cidr> blocks = new ArrayList<>();
        List<LinearPattern> patterns = new ArrayList<>();
        for (String entry : entries) {
            if (entry.isEmpty()) {
                continue;
            }
            String problem = problemWith(type, entry);
            if (problem != null) {
                throw new InvalidNameException("invalid entry " + entry + ": " + problem);
            }
            switch (type) {
                case STRINGS -> {
                    texts.add(entry);
                    texts.add(names ? nameOf(entry) : entry);
                }
                case CASE_INSENSITIVE_STRINGS -> {
                    texts.add(entry.toUpperCase(Locale.ROOT));
                    texts.add((names ? nameOf(entry) : entry).toUpperCase(Locale.ROOT));
                }
                case IP_ADDRESSES -> blocks.add(block(entry));
                case REGEX -> patterns.add(LinearPattern.compile(entry));
            }
        }
        if (patterns.size() > MAX_PATTERNS) {
            throw new InvalidNameException("more than " + MAX_PATTERNS + " regular expressions");
        }
        return new EntryList(type, texts, blocks, patterns);
    }

    /** The canonical server name that an entry means; else the literal that it is in Mixer, which equals no name. */
    private static String nameOf(String entry) {
        try {
            HostPattern pattern = HostPattern.parse(entry);
            return pattern.wildcard() ? entry : pattern.suffix();
        } catch (InvalidNameException e) {
            return entry;
        }
    }

    /** What is wrong with an entry, or null where nothing is. */
    static @Nullable String problemWith(EntryType type, String entry) {
        try {
            if (type == EntryType.IP_ADDRESSES) {
                block(entry);
            } else if (type == EntryType.REGEX) {
                LinearPattern.compile(entry);
            }
            return null;
        } catch (InvalidNameException e) {
            return "invalid CIDR address: " + e.getMessage();
        } catch (ExpressionException e) {
            return e.getMessage();
        }
    }

    /** What is wrong with a list, or null where nothing is. */
    public static @Nullable String problemWith(EntryType type, Iterable<String> entries) {
        try {
            of(type, entries, false);
            return null;
        } catch (InvalidNameException e) {
            return e.getMessage();
        }
    }

    /** An address alone is a block of itself, of IPv6 too. */
    private static Cidr block(String entry) {
        return Cidr.parse(entry);
    }

    /** @throws InvalidNameException if the list is one of addresses and the value is none */
    boolean contains(String value) {
        return switch (type) {
            case STRINGS -> texts.contains(value);
            case CASE_INSENSITIVE_STRINGS -> texts.contains(value.toUpperCase(Locale.ROOT));
            case IP_ADDRESSES -> containsAddress(IpAddress.parse(value));
            case REGEX -> patterns.stream().anyMatch(pattern -> pattern.foundIn(value));
        };
    }

    /** How the first entry by name is near to a name that is not listed; empty where none is, or entries are no texts. */
    String nearest(String value) {
        return switch (type) {
            case STRINGS, CASE_INSENSITIVE_STRINGS ->
                texts.stream()
                        .limit(MAX_COMPARED)
                        .sorted()
                        .map(text -> type == EntryType.STRINGS ? text : text.toLowerCase(Locale.ROOT))
                        .map(text -> near(value, text))
                        .filter(near -> !near.isEmpty())
                        .findFirst()
                        .orElse("");
            case IP_ADDRESSES, REGEX -> "";
        };
    }

    private static String near(String value, String text) {
        String near = NearName.of(value, text);
        // People mean a wildcard; in a list it is that text alone.
        return near.isEmpty() || !text.startsWith("*.") ? near : text + " in a list is that text, not a wildcard";
    }

    private boolean containsAddress(IpAddress address) {
        IpAddress plain = dev.exeat.policy.cexl.Addresses.unmapped(address);
        return blocks.stream().anyMatch(block -> block.contains(plain) || block.contains(address));
    }
}
