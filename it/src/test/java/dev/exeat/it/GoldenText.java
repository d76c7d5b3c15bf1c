package dev.exeat.it;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** What kubectl printed, without what differs from run to run: ages, times, UIDs, versions, addresses, places of files. */
final class GoldenText {
    private static final Pattern UID = Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
    private static final Pattern TIME =
            Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}[.0-9]*(Z| [-+0-9]+)");
    private static final Pattern VERSION = Pattern.compile("([rR]esource ?[vV]ersion\\\\?\"?:? +\\\\?\"?)[0-9]+");
    private static final Pattern CURRENT = Pattern.compile("current: [0-9]+");
    private static final Pattern AGE = Pattern.compile(" {2,}[0-9]+[smhdy]([0-9]+[smhdy])?(?= |$)");
    private static final Pattern FIRST_AGE = Pattern.compile(
            "^[0-9]+[smhdy][0-9smhdy]*( \\(x[0-9]+ over) [0-9smhdy]+\\)|^[0-9]+[smhdy][0-9smhdy]*(?= {2,})");
    private static final Pattern FILE = Pattern.compile("/[^ ]*/(LIVE|MERGED)-[0-9]+");
    private static final Pattern GAPS = Pattern.compile(" {2,}");
    private static final Pattern ADDRESS = Pattern.compile("127\\.0\\.0\\.1:[0-9]+");

    private GoldenText() {}

    /** The lines of an answer: its exit code, what is standard output behind {@code >}, standard error behind {@code !}. */
    static List<String> lines(int exitCode, String stdout, String stderr) {
        List<String> lines = new ArrayList<>(List.of("exit " + exitCode));
        marked(lines, "> ", stdout);
        marked(lines, "! ", stderr);
        return lines;
    }

    /** Errors of one object come in any order. */
    private static void marked(List<String> all, String mark, String text) {
        List<String> errors = new ArrayList<>();
        for (String line : ownersSorted(text.lines().map(GoldenText::normal).toList())) {
            if (line.startsWith("* ")) {
                errors.add(line);
                continue;
            }
            errors.stream().sorted().forEach(error -> all.add(mark + error));
            errors.clear();
            all.add((mark + line).stripTrailing());
        }
        errors.stream().sorted().forEach(error -> all.add(mark + error));
    }

    /** Owners of fields are in the order of their times, which are those of the run. */
    private static List<String> ownersSorted(List<String> lines) {
        int begin = lines.indexOf("  managedFields:") + 1;
        if (begin == 0) {
            return lines;
        }
        int end = begin;
        List<String> owners = new ArrayList<>();
        for (;
                end < lines.size()
                        && (lines.get(end).startsWith("  - ") || lines.get(end).startsWith("    "));
                end++) {
            if (lines.get(end).startsWith("  - ")) {
                owners.add(lines.get(end));
            } else {
                owners.set(owners.size() - 1, owners.getLast() + "\n" + lines.get(end));
            }
        }
        List<String> sorted = new ArrayList<>(lines.subList(0, begin));
        owners.stream().sorted().flatMap(String::lines).forEach(sorted::add);
        sorted.addAll(lines.subList(end, lines.size()));
        return sorted;
    }

    private static String normal(String line) {
        String text = UID.matcher(line).replaceAll("UID");
        text = TIME.matcher(text).replaceAll("TIME");
        text = VERSION.matcher(text).replaceAll("$1RV");
        text = CURRENT.matcher(text).replaceAll("current: RV");
        text = FILE.matcher(text).replaceAll("FILE");
        text = ADDRESS.matcher(text).replaceAll("ADDRESS");
        text = AGE.matcher(text).replaceAll("  AGO");
        text = FIRST_AGE.matcher(text).replaceAll(age -> age.group(1) == null ? "AGO" : "AGO" + age.group(1) + " AGO)");
        return text.startsWith(" ") ? text : GAPS.matcher(text).replaceAll("  ");
    }
}
