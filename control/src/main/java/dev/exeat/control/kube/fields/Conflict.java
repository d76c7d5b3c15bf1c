package dev.exeat.control.kube.fields;

/**
 * A field that another client owns.
 *
 * @param owner as messages name it, such as {@code "kubectl"}
 * @param field its path, such as {@code .spec.hosts}
 */
public record Conflict(String owner, String field) {}
