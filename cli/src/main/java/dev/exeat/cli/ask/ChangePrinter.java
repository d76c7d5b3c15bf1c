package dev.exeat.cli.ask;

import dev.exeat.cli.answer.Answer.ChangeText;
import dev.exeat.control.StoreSource;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Prints a change so that it can be made as it stands: by {@code patch} where it is of a file, else by {@code kubectl}. */
final class ChangePrinter {
    private final PrintWriter out;

    ChangePrinter(PrintWriter out) {
        this.out = out;
    }

    void print(ChangeText change) {
        String place = change.place();
        out.println(Printable.of("# " + change.summary() + how(change)));
        if (change.diff() != null) {
            for (String line : change.diff().split("\n")) {
                out.println(ofDiff(line));
            }
        } else if (place != null && place.startsWith(StoreSource.PLACE)) {
            out.println(Printable.of(command(change, place)));
        } else if (change.yaml() != null) {
            out.println("---");
            change.yaml().lines().forEach(line -> out.println(Printable.of(line)));
        }
    }

    private static String how(ChangeText change) {
        String diff = change.diff();
        String place = change.place();
        if (diff != null) {
            boolean fromRoot = diff.startsWith("--- a" + change.file());
            return ": patch -p1" + (fromRoot ? " -d /" : ", or git apply");
        }
        if (change.operation().equals("add")) {
            return ": add " + change.object() + ", as by kubectl apply -f -";
        }
        return place == null || place.startsWith(StoreSource.PLACE)
                ? ""
                : ": " + change.operation() + " " + change.object() + ", at " + place;
    }

    /** A place is {@code api:RESOURCE.GROUP/NAMESPACE/NAME:LINE:COLUMN}. */
    private static String command(ChangeText change, String place) {
        String[] parts = place.substring(StoreSource.PLACE.length()).split("[/:]");
        String object = parts[0] + " " + parts[2] + (parts[1].isEmpty() ? "" : " -n " + parts[1]);
        return change.mergePatch() == null
                ? "kubectl delete " + object
                : "kubectl patch " + object + " --type merge -p '"
                        + change.mergePatch().replace("'", "'\\''") + "'";
    }

    /** As {@link Printable}, but for what a patch must keep: tabs, and a carriage return before the line feed. */
    private static String ofDiff(String line) {
        boolean returned = line.endsWith("\r");
        String content = returned ? line.substring(0, line.length() - 1) : line;
        return Arrays.stream(content.split("\t", -1)).map(Printable::of).collect(Collectors.joining("\t"))
                + (returned ? "\r" : "");
    }
}
