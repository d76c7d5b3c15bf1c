package dev.exeat.control.importing;

import dev.exeat.model.Place;

/**
 * What the rules do not say themselves.
 *
 * @param rootNamespace where policies for every client stand
 * @param namespace of the service accounts, where the source names no namespace
 * @param name with which the names of policies begin
 * @param accountLabel a label of pods whose value is the name of their service account; empty if there is none
 * @param deepWildcards whether a wildcard of one label may become one of any depth
 */
public record ImportOptions(
        String rootNamespace, String namespace, String name, String accountLabel, boolean deepWildcards) {

    /** @throws ImportException if a name is none */
    public ImportOptions {
        ForeignNames.namespace(Place.UNKNOWN, rootNamespace);
        ForeignNames.namespace(Place.UNKNOWN, namespace);
        if (!ForeignNames.isAccount(name)) {
            throw new ImportException(Place.UNKNOWN, "\"" + name + "\" is no name of an object", "");
        }
    }
}
