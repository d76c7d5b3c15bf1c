package dev.exeat.control.lab;

import dev.exeat.control.kube.KubeException;
import java.util.List;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Fields;

/** The parameters of a request's query. */
final class Query {
    private final Fields fields;

    Query(Request request) {
        this.fields = Request.extractQueryParameters(request);
    }

    String text(String name) {
        String value = fields.getValue(name);
        return value == null ? "" : value;
    }

    List<String> all(String name) {
        return fields.getValuesOrEmpty(name);
    }

    boolean flag(String name) {
        String value = text(name);
        return value.equals("true") || value.equals("1");
    }

    /** A number, or another one where none is given. */
    long number(String name, long otherwise) {
        String value = text(name);
        try {
            long number = value.isEmpty() ? otherwise : Long.parseLong(value);
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Told below, as what is negative.
        }
        throw KubeException.badRequest("Invalid value: \"" + value + "\": " + name + " must be a number of at least 0");
    }
}
