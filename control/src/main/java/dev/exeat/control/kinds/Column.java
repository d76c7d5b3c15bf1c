package dev.exeat.control.kinds;

/**
 * A column of a table, as {@code additionalPrinterColumns} of a CustomResourceDefinition has it.
 *
 * @param type {@code string}, {@code integer}, {@code boolean} or {@code date}
 * @param jsonPath as in {@code .spec.match}; only names set apart by dots, and at the end {@code .*} for how many there are
 * @param priority above 0 in wide tables alone
 */
public record Column(String name, String type, String jsonPath, int priority) {}
