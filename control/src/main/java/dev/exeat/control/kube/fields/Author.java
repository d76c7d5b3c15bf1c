package dev.exeat.control.kube.fields;

/**
 * Who writes an object.
 *
 * @param manager as the client calls itself
 * @param apiVersion that it speaks
 * @param subresource {@code status}, or empty for the object itself
 * @param statusApart whether the kind's status is written through its subresource alone
 */
public record Author(String manager, String apiVersion, String subresource, boolean statusApart) {
    Ownership.Writer writer(String operation) {
        return new Ownership.Writer(manager, operation, apiVersion, subresource);
    }
}
