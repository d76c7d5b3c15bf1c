package dev.exeat.it;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a real API server answered to the commands of the list: for each the answer to the newest kubectl, and where older
 * ones got another, theirs, behind a line such as {@code ~ 30 31}. The first line has the versions that were asked.
 */
final class GoldenAnswers {
    private static final String VERSIONS = "# kubectl 1.x, for these x:";

    private final List<Integer> versions;
    private final List<Recorded> all;

    private GoldenAnswers(List<Integer> versions, List<Recorded> all) {
        this.versions = versions;
        this.all = all;
    }

    /** @param older answers to older kubectls that differ, by version */
    private record Recorded(String line, List<String> newest, SortedMap<Integer, List<String>> older) {}

    /** @param answers each kubectl's, by version, in the order of the steps */
    static GoldenAnswers of(List<GoldenStep> steps, SortedMap<Integer, List<List<String>>> answers) {
        List<Recorded> all = new ArrayList<>();
        for (int i = 0; i < steps.size(); i++) {
            List<String> newest = answers.lastEntry().getValue().get(i);
            SortedMap<Integer, List<String>> older = new TreeMap<>();
            for (Map.Entry<Integer, List<List<String>>> each : answers.entrySet()) {
                if (!each.getValue().get(i).equals(newest)) {
                    older.put(each.getKey(), each.getValue().get(i));
                }
            }
            all.add(new Recorded(steps.get(i).line(), newest, older));
        }
        return new GoldenAnswers(List.copyOf(answers.keySet()), all);
    }

    static GoldenAnswers read(String text) {
        List<Integer> versions = new ArrayList<>();
        List<Recorded> all = new ArrayList<>();
        List<String> answer = new ArrayList<>();
        for (String line : text.lines().toList()) {
            if (line.startsWith(VERSIONS)) {
                versions = numbers(line.substring(VERSIONS.length()));
            } else if (line.startsWith("$ ")) {
                answer = new ArrayList<>();
                all.add(new Recorded(line.substring(2), answer, new TreeMap<>()));
            } else if (line.startsWith("~ ")) {
                answer = new ArrayList<>();
                for (int version : numbers(line.substring(2))) {
                    all.getLast().older().put(version, answer);
                }
            } else {
                answer.add(line);
            }
        }
        return new GoldenAnswers(versions, all);
    }

    private static List<Integer> numbers(String text) {
        List<Integer> numbers = new ArrayList<>();
        for (String number : text.strip().split(" ")) {
            numbers.add(Integer.parseInt(number));
        }
        return numbers;
    }

    List<Integer> versions() {
        return versions;
    }

    /** The commands that were answered, in their order. */
    List<String> lines() {
        return all.stream().map(Recorded::line).toList();
    }

    List<String> to(int step, KubectlProgram kubectl) {
        Recorded recorded = all.get(step);
        return recorded.older().getOrDefault(kubectl.minor(), recorded.newest());
    }

    String text() {
        StringBuilder text = new StringBuilder(VERSIONS);
        versions.forEach(version -> text.append(' ').append(version));
        text.append('\n');
        for (Recorded recorded : all) {
            text.append("$ ").append(recorded.line()).append('\n');
            recorded.newest().forEach(line -> text.append(line).append('\n'));
            Map<List<String>, List<Integer>> alike = new LinkedHashMap<>();
            recorded.older()
                    .forEach((version, answer) -> alike.computeIfAbsent(answer, _ -> new ArrayList<>())
                            .add(version));
            alike.forEach((answer, of) -> {
                text.append('~');
                of.forEach(version -> text.append(' ').append(version));
                text.append('\n');
                answer.forEach(line -> text.append(line).append('\n'));
            });
        }
        return text.toString();
    }
}
