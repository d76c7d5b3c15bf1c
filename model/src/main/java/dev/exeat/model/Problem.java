package dev.exeat.model;

import org.jspecify.annotations.Nullable;

/**
 * Something wrong with the configuration, told so that it can be mended without looking anything up.
 *
 * @param code short and stable, lower-case words joined by hyphens
 * @param object the object that has the problem, or null where the file could not be read so far
 * @param field dotted path within the object, for example {@code spec.actions[0].handler}; empty for the whole
 * @param cure what to do about it; empty where the message says it
 */
public record Problem(
        Severity severity,
        String code,
        Place place,
        @Nullable ObjectKey object,
        String field,
        String message,
        String cure) {

    public enum Severity {
        /** The object is refused; its last good version stays in force. */
        ERROR,
        /** The object is in force, but probably not as its author meant it. */
        WARNING
    }

    public boolean isError() {
        return severity == Severity.ERROR;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        text.append(place).append(": ").append(severity == Severity.ERROR ? "error" : "warning");
        if (object != null) {
            text.append(": ").append(object);
        }
        if (!field.isEmpty()) {
            text.append(": ").append(field);
        }
        text.append(": ").append(message);
        if (!cure.isEmpty()) {
            text.append(" (").append(cure).append(')');
        }
        return text.append(" [").append(code).append(']').toString();
    }
}
