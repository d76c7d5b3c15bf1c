package dev.exeat.it;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** Runs a list of kubectl commands against an API and says what each answered, without what differs from run to run. */
final class GoldenRun {
    private static final Pattern UID = Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
    private static final Pattern TIME =
            Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}[.0-9]*(Z| [-+0-9]+)");
    private static final Pattern VERSION = Pattern.compile("([rR]esource ?[vV]ersion\\\\?\"?:? +\\\\?\"?)[0-9]+");
    private static final Pattern CURRENT = Pattern.compile("current: [0-9]+");
    private static final Pattern AGE = Pattern.compile(" {2,}[0-9]+[smhd]([0-9]+[smhd])?(?= |$)");
    private static final Pattern FILE = Pattern.compile("/[^ ]*/(LIVE|MERGED)-[0-9]+");
    private static final Pattern GAPS = Pattern.compile(" {2,}");
    private static final Pattern ADDRESS = Pattern.compile("127\\.0\\.0\\.1:[0-9]+");

    private final Path kubeconfig;
    private final Path cache;

    GoldenRun(Path kubeconfig, Path cache) {
        this.kubeconfig = kubeconfig;
        this.cache = cache;
    }

    /** @param line the command without kubectl, as the list has it */
    record Step(String line, String input) {}

    /** One answer; {@code text} holds exit code, standard output and standard error. */
    record Answer(String line, String text) {}

    static List<Step> steps(String list) {
        List<Step> steps = new ArrayList<>();
        String command = null;
        StringBuilder input = new StringBuilder();
        for (String line : list.lines().toList()) {
            if (line.startsWith("$ ") || line.startsWith("#")) {
                if (command != null) {
                    steps.add(new Step(command, input.toString()));
                }
                command = line.startsWith("#") ? null : line.substring(2);
                input.setLength(0);
            } else if (command != null) {
                input.append(line).append('\n');
            }
        }
        if (command != null) {
            steps.add(new Step(command, input.toString()));
        }
        return steps;
    }

    /** The words of a line, with single quotes as a shell has them. */
    static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean quoted = false;
        for (char c : (line + " ").toCharArray()) {
            if (c == '\'') {
                quoted = !quoted;
            } else if (c == ' ' && !quoted) {
                if (!word.isEmpty()) {
                    words.add(word.toString());
                    word.setLength(0);
                }
            } else {
                word.append(c);
            }
        }
        return words;
    }

    Answer answer(Step step) throws IOException, InterruptedException {
        Path out = Files.createTempFile("golden", ".out");
        Path err = Files.createTempFile("golden", ".err");
        try {
            List<String> command = new ArrayList<>(
                    List.of("kubectl", "--kubeconfig", kubeconfig.toString(), "--cache-dir", cache.toString()));
            command.addAll(words(step.line()));
            Process process = new ProcessBuilder(command)
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .start();
            try (var stdin = process.getOutputStream()) {
                stdin.write(step.input().getBytes(StandardCharsets.UTF_8));
            }
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException("kubectl " + step.line() + " does not end");
            }
            return new Answer(
                    step.line(),
                    "exit " + process.exitValue() + "\n" + lines("> ", Files.readString(out))
                            + lines("! ", Files.readString(err)));
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }

    /** Errors of one object come in any order. */
    private static String lines(String mark, String text) {
        List<String> lines = new ArrayList<>();
        List<String> errors = new ArrayList<>();
        boolean status = false;
        for (String line : ownersSorted(text.lines().map(GoldenRun::normal).toList())) {
            status = line.equals("status:") || (status && (line.startsWith(" ") || line.startsWith("- ")));
            if (status) {
                continue;
            }
            if (line.startsWith("* ")) {
                errors.add(line);
                continue;
            }
            errors.stream().sorted().forEach(lines::add);
            errors.clear();
            lines.add(line);
        }
        errors.stream().sorted().forEach(lines::add);
        StringBuilder all = new StringBuilder();
        lines.forEach(line -> all.append((mark + line).stripTrailing()).append('\n'));
        return all.toString();
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
        return text.startsWith(" ") ? text : GAPS.matcher(text).replaceAll("  ");
    }

    static String text(List<Answer> answers) {
        StringBuilder text = new StringBuilder();
        answers.forEach(
                answer -> text.append("$ ").append(answer.line()).append('\n').append(answer.text()));
        return text.toString();
    }
}
