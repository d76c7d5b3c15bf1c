package dev.exeat.control.kinds;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A column of a table, as {@code additionalPrinterColumns} of a CustomResourceDefinition has it.
 *
 * @param type {@code string}, {@code integer}, {@code boolean} or {@code date}
 * @param jsonPath as in {@code .spec.match}; only names set apart by dots, and at the end {@code .*} for how many there are
 * @param priority above 0 in wide tables alone
 * @param cell makes the text from the object, where no path leads to it; else null
 */
public record Column(
        String name,
        String type,
        String jsonPath,
        int priority,
        @Nullable Function<JsonNode, String> cell) {
    /** The column that a table begins with, unless the kind has it elsewhere. */
    public static final String NAME = "Name";

    public Column(String name, String type, String jsonPath, int priority) {
        this(name, type, jsonPath, priority, null);
    }

    static Column made(String name, int priority, Function<JsonNode, String> cell) {
        return new Column(name, "string", "", priority, cell);
    }
}
