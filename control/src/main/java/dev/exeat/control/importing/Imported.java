package dev.exeat.control.importing;

import java.util.List;

/**
 * What an import came to.
 *
 * @param notes what to know of the policies as a whole
 * @param losses what could not be carried over as it was, in the order of the source
 */
public record Imported(List<ImportedPolicy> policies, List<String> notes, List<Loss> losses) {
    public Imported {
        policies = List.copyOf(policies);
        notes = List.copyOf(notes);
        losses = List.copyOf(losses);
    }
}
