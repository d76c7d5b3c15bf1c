package dev.exeat.control.manifest;

import java.util.Collection;
import java.util.Locale;

/** Finds the word that was probably meant. */
final class Suggestion {
    private Suggestion() {}

    /** {@code did you mean "kind"?}, or the fallback where no word is near. */
    static String didYouMean(String word, Collection<String> known, String fallback) {
        String best = nearest(word, known);
        return best.isEmpty() ? fallback : "did you mean \"" + best + "\"?";
    }

    /** The known word at most a third of its letters away, or an empty text. */
    static String nearest(String word, Collection<String> known) {
        if (word.length() > 64) {
            return "";
        }
        String best = "";
        int bestDistance = Integer.MAX_VALUE;
        for (String candidate : known) {
            int distance = distance(word.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT));
            if (distance < bestDistance && distance <= Math.max(1, candidate.length() / 3)) {
                best = candidate;
                bestDistance = distance;
            }
        }
        return best;
    }

    /** Edits between two words: insert, delete, replace, or swap two neighbours. */
    private static int distance(String a, String b) {
        int[][] edits = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    edits[i][j] = i + j;
                    continue;
                }
                int replace = edits[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                int least = Math.min(replace, Math.min(edits[i - 1][j], edits[i][j - 1]) + 1);
                boolean swapped =
                        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
                edits[i][j] = swapped ? Math.min(least, edits[i - 2][j - 2] + 1) : least;
            }
        }
        return edits[a.length()][b.length()];
    }
}
