package dev.exeat.flow;

import java.util.Comparator;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Orders text as its UTF-8 octets, which is by code point. {@link String#compareTo} differs from that where a
 * character outside the basic plane meets one above the surrogates.
 */
final class ByteOrder {
    static final Comparator<String> COMPARATOR = ByteOrder::compare;

    private ByteOrder() {}

    /** The map itself where its order is somebody's choice, or is already that of the octets. */
    static <V> SortedMap<String, V> of(SortedMap<String, V> map) {
        if (map.comparator() != null) {
            return map;
        }
        for (String key : map.keySet()) {
            if (hasSurrogate(key)) {
                return copyOf(map);
            }
        }
        return map;
    }

    static <V> SortedMap<String, V> copyOf(Map<String, V> map) {
        SortedMap<String, V> sorted = new TreeMap<>(COMPARATOR);
        sorted.putAll(map);
        return sorted;
    }

    private static boolean hasSurrogate(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                return true;
            }
        }
        return false;
    }

    private static int compare(String a, String b) {
        int common = Math.min(a.length(), b.length());
        for (int i = 0; i < common; i++) {
            char left = a.charAt(i);
            char right = b.charAt(i);
            if (left != right) {
                boolean oneIsSurrogate = Character.isSurrogate(left) != Character.isSurrogate(right);
                // A surrogate stands for a code point above every other character's.
                return oneIsSurrogate ? (Character.isSurrogate(left) ? 1 : -1) : Character.compare(left, right);
            }
        }
        return Integer.compare(a.length(), b.length());
    }
}
