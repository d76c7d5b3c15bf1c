package dev.exeat.control.kube.schema;

import com.google.re2j.Pattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** What names, labels and annotations may be (Kubernetes documentation, "Object Names and IDs", "Labels and Selectors"). */
final class MetadataRules {
    private static final int MOST_NAME = 253;
    private static final int MOST_LABEL = 63;
    private static final String DNS_LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
    private static final String SUBDOMAIN = DNS_LABEL + "(\\." + DNS_LABEL + ")*";
    private static final String KEY_NAME = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
    private static final String LABEL_VALUE = "(" + KEY_NAME + ")?";
    private static final Pattern SUBDOMAINS = Pattern.compile(SUBDOMAIN);
    private static final Pattern DNS_LABELS = Pattern.compile(DNS_LABEL);
    private static final Pattern KEY_NAMES = Pattern.compile(KEY_NAME);
    private static final Pattern LABEL_VALUES = Pattern.compile(LABEL_VALUE);
    private static final String NOT_SUBDOMAIN = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric"
            + " characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex"
            + " used for validation is '" + SUBDOMAIN + "')";
    private static final String NOT_DNS_LABEL = "a lowercase RFC 1123 label must consist of lower case alphanumeric"
            + " characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or"
            + " '123-abc', regex used for validation is '" + DNS_LABEL + "')";
    private static final String NOT_KEY = "name part must consist of alphanumeric characters, '-', '_' or '.', and must"
            + " start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for"
            + " validation is '" + KEY_NAME + "')";
    private static final String NOT_VALUE = "a valid label must be an empty string or consist of alphanumeric"
            + " characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or"
            + " 'my_value',  or '12345', regex used for validation is '" + LABEL_VALUE + "')";

    private MetadataRules() {}

    /** @param labelName whether the name must be a label of DNS, as that of a namespace */
    static List<FieldError> check(JsonNode metadata, boolean labelName) {
        List<FieldError> errors = new ArrayList<>();
        String name = metadata.path("name").asString("");
        if (name.isEmpty()) {
            errors.add(FieldError.required("metadata.name", "name or generateName is required"));
        } else if (labelName) {
            label(name, "metadata.name", errors);
        } else {
            name(name, SUBDOMAINS, NOT_SUBDOMAIN, MOST_NAME, "metadata.name", errors);
        }
        for (Map.Entry<String, JsonNode> label : metadata.path("labels").properties()) {
            key("metadata.labels", label.getKey(), errors);
            String value = label.getValue().asString("");
            if (value.length() > MOST_LABEL) {
                errors.add(FieldError.tooLong("metadata.labels", MOST_LABEL));
            }
            if (!LABEL_VALUES.matches(value)) {
                errors.add(FieldError.invalid("metadata.labels", value, NOT_VALUE));
            }
        }
        metadata.path("annotations").propertyNames().forEach(key -> key("metadata.annotations", key, errors));
        return errors;
    }

    /** That a name is a label of DNS. */
    static void label(String name, String field, List<FieldError> errors) {
        name(name, DNS_LABELS, NOT_DNS_LABEL, MOST_LABEL, field, errors);
    }

    private static void name(
            String name, Pattern legal, String otherwise, int most, String field, List<FieldError> errors) {
        if (name.length() > most) {
            errors.add(FieldError.invalid(field, name, "must be no more than " + most + " bytes"));
        }
        if (!legal.matches(name)) {
            errors.add(FieldError.invalid(field, name, otherwise));
        }
    }

    private static void key(String field, String key, List<FieldError> errors) {
        int slash = key.indexOf('/');
        String prefix = slash < 0 ? "" : key.substring(0, slash);
        String name = key.substring(slash + 1);
        if (slash == 0) {
            errors.add(FieldError.invalid(field, key, "prefix part must be non-empty"));
        } else if (slash > 0 && !SUBDOMAINS.matches(prefix)) {
            errors.add(FieldError.invalid(field, key, "prefix part " + NOT_SUBDOMAIN));
        }
        if (name.isEmpty()) {
            errors.add(FieldError.invalid(field, key, "name part must be non-empty"));
        }
        if (name.length() > MOST_LABEL) {
            errors.add(FieldError.invalid(field, key, "name part must be no more than " + MOST_LABEL + " bytes"));
        }
        if (!KEY_NAMES.matches(name)) {
            errors.add(FieldError.invalid(field, key, NOT_KEY));
        }
    }
}
