package dev.exeat.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Encoder, schema and reference name the same fields. */
class RecordReferenceTest {
    private static final Path SCHEMA = Path.of("../docs/record.schema.json");
    private static final Path REFERENCE = Path.of("../docs/records.md");
    private static final Pattern ROW = Pattern.compile("^\\| `([a-z_.]+)` \\|", Pattern.MULTILINE);

    private final JsonMapper mapper = new JsonMapper();

    private static String line(ConnectionRecord record) {
        return new String(new RecordEncoder().encode(record), StandardCharsets.UTF_8);
    }

    private static List<Error> violations(String json) throws IOException {
        Schema schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(Files.readString(SCHEMA), InputFormat.JSON);
        return schema.validate(json, InputFormat.JSON);
    }

    /** Dotted names of the leaves; {@code inner} tells the fields of a node, or none. */
    private static void leaves(JsonNode node, String prefix, String inner, Set<String> into) {
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            JsonNode value = field.getValue();
            JsonNode fields = inner.isEmpty() ? value : value.path(inner);
            if (fields.isObject()) {
                leaves(fields, prefix + field.getKey() + ".", inner, into);
            } else {
                into.add(prefix + field.getKey());
            }
        }
    }

    private Set<String> schemaFields() throws IOException {
        Set<String> fields = new TreeSet<>();
        leaves(mapper.readTree(Files.readString(SCHEMA)).get("properties"), "", "properties", fields);
        return fields;
    }

    @Test
    void the_schema_names_the_fields_that_are_written_and_no_others() throws Exception {
        Set<String> written = new TreeSet<>();
        leaves(mapper.readTree(line(Records.full())), "", "", written);

        assertThat(schemaFields()).isEqualTo(written);
    }

    @Test
    void the_reference_names_the_fields_of_the_schema_and_no_others() throws Exception {
        Set<String> told = new TreeSet<>(ROW.matcher(Files.readString(REFERENCE))
                .results()
                .map(row -> row.group(1))
                .toList());

        assertThat(told).isEqualTo(schemaFields());
    }

    @Test
    void records_fit_the_schema() throws Exception {
        assertThat(violations(line(Records.full()))).isEmpty();
        assertThat(violations(line(Records.least()))).isEmpty();
        assertThat(violations(line(Records.hostile("\r\n\uD800\"".repeat(5000)))))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"verdict\":\"denied\" | \"verdict\":\"maybe\"",
                "\"version\":1 | \"version\":2",
                "\"id\":\"abc-1\" | \"id\":7",
                "05.678000Z | 05Z",
                "\"port\":443 | \"port\":65536",
                "\"resumed\":true | \"resumed\":\"yes\"",
                "\"total\":6 | \"total\":-1",
                ",\"bytes_sent\":20 | ''"
            })
    void the_schema_refuses_what_is_no_record(String written, String wrong) throws Exception {
        String record = line(Records.full());

        assertThat(record).contains(written);
        assertThat(violations(record.replace(written, wrong))).isNotEmpty();
    }
}
