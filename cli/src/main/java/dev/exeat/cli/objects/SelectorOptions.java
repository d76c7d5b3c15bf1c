package dev.exeat.cli.objects;

import picocli.CommandLine.Option;

/** Which of many objects are meant. */
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class SelectorOptions {
    @Option(
            names = {"-l", "--selector"},
            paramLabel = "LABELS",
            defaultValue = "",
            description = "Only those with these labels, as in team=a,!old.")
    private String labels;

    @Option(
            names = "--field-selector",
            paramLabel = "FIELDS",
            defaultValue = "",
            description = "Only those with these fields, as in metadata.name=x.")
    private String fields;

    boolean given() {
        return !labels.isEmpty() || !fields.isEmpty();
    }

    Query query() {
        return new Query().with("fieldSelector", fields).with("labelSelector", labels);
    }

    Query queryOf(String name) {
        return new Query().with("fieldSelector", "metadata.name=" + name);
    }
}
