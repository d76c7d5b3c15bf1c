package dev.exeat.it;

import com.github.difflib.DiffUtils;
import com.github.difflib.patch.AbstractDelta;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Where the API answers otherwise than a real one on purpose. Each entry of the file has its reason (lines that begin with
 * {@code #}), the commands that it is about ({@code $}), and the lines that a real server alone prints ({@code -}) and that
 * this one alone prints ({@code +}); {@code …} stands for any text within a line.
 */
final class GoldenDifferences {
    private static final String ANY = "…";

    private final List<Entry> entries = new ArrayList<>();
    private final Set<String> used = new HashSet<>();

    /** One deliberate difference. */
    private record Entry(String reason, List<String> commands, List<Pattern> gone, List<Pattern> come) {
        boolean fits(AbstractDelta<String> delta) {
            return fit(gone, delta.getSource().getLines())
                    && fit(come, delta.getTarget().getLines());
        }

        private static boolean fit(List<Pattern> patterns, List<String> lines) {
            if (patterns.size() != lines.size()) {
                return false;
            }
            for (int i = 0; i < lines.size(); i++) {
                if (!patterns.get(i).matcher(lines.get(i)).matches()) {
                    return false;
                }
            }
            return true;
        }
    }

    static GoldenDifferences read(String text) {
        GoldenDifferences differences = new GoldenDifferences();
        boolean reason = false;
        for (String line : text.lines().toList()) {
            if (line.startsWith("#")) {
                if (!reason) {
                    differences.entries.add(new Entry(line, new ArrayList<>(), new ArrayList<>(), new ArrayList<>()));
                }
                reason = true;
                continue;
            }
            reason = false;
            Entry entry = differences.entries.getLast();
            switch (line.charAt(0)) {
                case '$' -> entry.commands().add(line.substring(2));
                case '-' -> entry.gone().add(pattern(line.substring(2)));
                case '+' -> entry.come().add(pattern(line.substring(2)));
                default -> throw new IllegalArgumentException("not a line of differences: " + line);
            }
        }
        return differences;
    }

    private static Pattern pattern(String line) {
        StringBuilder pattern = new StringBuilder();
        for (String part : line.split(ANY, -1)) {
            pattern.append(pattern.isEmpty() ? "" : ".*").append(Pattern.quote(part));
        }
        return Pattern.compile(pattern.toString());
    }

    /** What of the answer no entry explains, as a diff; empty if all is as it should be. */
    String unexplained(String command, List<String> real, List<String> answer) {
        StringBuilder rest = new StringBuilder();
        for (AbstractDelta<String> delta : DiffUtils.diff(real, answer).getDeltas()) {
            if (!isExplained(command, delta)) {
                delta.getSource()
                        .getLines()
                        .forEach(line -> rest.append("- ").append(line).append('\n'));
                delta.getTarget()
                        .getLines()
                        .forEach(line -> rest.append("+ ").append(line).append('\n'));
            }
        }
        return rest.toString();
    }

    private boolean isExplained(String command, AbstractDelta<String> delta) {
        boolean explained = false;
        for (int i = 0; i < entries.size(); i++) {
            if (entries.get(i).commands().contains(command) && entries.get(i).fits(delta)) {
                used.add(i + " " + command);
                explained = true;
            }
        }
        return explained;
    }

    /** Commands of entries that explained nothing yet, with the reason of the entry. */
    Set<String> needless() {
        Set<String> needless = new TreeSet<>();
        for (int i = 0; i < entries.size(); i++) {
            for (String command : entries.get(i).commands()) {
                if (!used.contains(i + " " + command)) {
                    needless.add(command + "   " + entries.get(i).reason());
                }
            }
        }
        return needless;
    }
}
