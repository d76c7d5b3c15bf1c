package dev.exeat.model;

/**
 * The rule that decided: an object and the index of the rule within it (0 where it has only one).
 */
public record PolicyRef(ObjectKey object, int index) {
    @Override
    public String toString() {
        return object + "[" + index + "]";
    }
}
