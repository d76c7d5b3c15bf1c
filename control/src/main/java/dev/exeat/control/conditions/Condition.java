package dev.exeat.control.conditions;

/**
 * One condition of an object, as {@code metav1.Condition} of Kubernetes.
 *
 * @param reason one word in CamelCase
 * @param message for people
 */
record Condition(String type, boolean holds, String reason, String message) {
    static final String ACCEPTED = "Accepted";
    static final String RESOLVED_REFS = "ResolvedRefs";
    static final String PROGRAMMED = "Programmed";
}
