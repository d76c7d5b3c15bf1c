package dev.exeat.control.flows;

import dev.exeat.control.api.ApiException;
import dev.exeat.flow.query.FilterParameters;
import dev.exeat.flow.query.FlowFilter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.eclipse.jetty.util.Fields;
import org.eclipse.jetty.util.UrlEncoded;

/**
 * What is asked for.
 *
 * @param after only what was written after that sequence; negative where it was not given
 * @param last only the newest so many; negative for all
 */
record FlowQuery(FlowFilter filter, long after, int last, boolean follow) {
    /** @throws ApiException 400 if it cannot be meant */
    static FlowQuery of(String query) {
        try {
            Fields fields = new Fields();
            UrlEncoded.decodeTo(query, fields::add, StandardCharsets.UTF_8);
            FlowFilter filter = FilterParameters.read(name -> fields.getValuesOrEmpty(name));
            return new FlowQuery(
                    filter,
                    number(fields, "after", Long.MAX_VALUE),
                    (int) number(fields, "last", FlowRoutes.MOST_LAST),
                    "true".equals(fields.getValue("follow")));
        } catch (IllegalArgumentException e) {
            throw new ApiException(400, "invalid_query", String.valueOf(e.getMessage()), "");
        }
    }

    private static long number(Fields fields, String name, long most) {
        List<String> values = fields.getValuesOrEmpty(name);
        if (values.isEmpty()) {
            return -1;
        }
        long value = parsed(values.getFirst());
        if (value < 0 || value > most) {
            throw new IllegalArgumentException(name + " is a number from 0 to " + most);
        }
        return value;
    }

    private static long parsed(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    Instant since() {
        return filter.since() == null ? Instant.EPOCH : filter.since();
    }

    Instant until(Instant now) {
        return filter.until() == null ? now.plusSeconds(1) : filter.until();
    }
}
