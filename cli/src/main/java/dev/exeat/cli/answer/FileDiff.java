package dev.exeat.cli.answer;

import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import dev.exeat.cli.answer.Answer.ChangeText;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What becomes of a file, as a unified diff that {@code git apply} and {@code patch -p1} take.
 *
 * @param path of the file, all links followed
 * @param text its names are relative to the root directory; ends with a line feed
 */
record FileDiff(String path, String text) {
    private static final int CONTEXT = 3;
    private static final String NO_LINE_END = "\n\\ No newline at end of file";
    private static final String NOTHING = "/dev/null";

    /** @param after empty if the file is to go */
    static Optional<FileDiff> between(Path file, String before, String after) {
        String name = file.toString();
        if (name.chars().anyMatch(c -> c < ' ' || c == '"' || c == '\\' || c == 0x7f)) {
            return Optional.empty(); // The tools do not agree on how such a name is written.
        }
        List<String> old = lines(before);
        List<String> diff = new ArrayList<>(
                UnifiedDiffUtils.generateUnifiedDiff(name, name, old, DiffUtils.diff(old, lines(after)), CONTEXT));
        diff.set(0, from(name));
        diff.set(1, after.isEmpty() ? "+++ " + NOTHING : to(name));
        return Optional.of(new FileDiff(name, String.join("\n", diff) + "\n"));
    }

    /** The same change by names that are relative to a directory, if the file lies below it. */
    static ChangeText seenFrom(Path directory, ChangeText change) {
        String file = change.file();
        String diff = change.diff();
        if (file == null || diff == null || !Path.of(file).startsWith(directory)) {
            return change;
        }
        String relative = "/" + directory.relativize(Path.of(file));
        String named =
                diff.replace(from(file) + "\n", from(relative) + "\n").replace(to(file) + "\n", to(relative) + "\n");
        return new ChangeText(
                change.operation(),
                change.object(),
                change.summary(),
                change.place(),
                change.yaml(),
                file,
                named,
                change.mergePatch());
    }

    private static String from(String name) {
        return "--- a" + name + ended(name);
    }

    private static String to(String name) {
        return "+++ b" + name + ended(name);
    }

    /** A tab ends a name with blanks. */
    private static String ended(String name) {
        return name.indexOf(' ') < 0 ? "" : "\t";
    }

    /** The lines without their line feeds; carriage returns stay. */
    private static List<String> lines(String text) {
        List<String> lines = new ArrayList<>(List.of(text.split("\n", -1)));
        String rest = lines.removeLast();
        if (!rest.isEmpty()) {
            lines.add(rest + NO_LINE_END);
        }
        return lines;
    }
}
