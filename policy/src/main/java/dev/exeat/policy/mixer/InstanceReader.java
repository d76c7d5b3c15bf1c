package dev.exeat.policy.mixer;

import dev.exeat.policy.cexl.CompiledExpression;
import dev.exeat.policy.cexl.ValueType;
import dev.exeat.policy.cexl.Vocabulary;
import dev.exeat.policy.manifest.Field;
import dev.exeat.policy.manifest.Fields;
import org.jspecify.annotations.Nullable;

/** Reads the fields of instances. What is wrong is reported; the object is then refused as a whole. */
final class InstanceReader {
    private final ExpressionReader expressions;

    InstanceReader(Vocabulary vocabulary) {
        this.expressions = new ExpressionReader(vocabulary);
    }

    /** @param params the fields, or null where the object has none */
    InstanceConfig read(Template template, @Nullable Fields params, Fields owner) {
        InstanceConfig config = switch (template) {
            case LISTENTRY -> params == null ? without(owner, "value") : listEntry(params);
            case LOGENTRY -> params == null ? new InstanceConfig.None() : log(params);
            case METRIC -> params == null ? without(owner, "value") : metric(params);
            case CHECKNOTHING, REPORTNOTHING -> new InstanceConfig.None();
            default -> inert(template, params, owner);
        };
        if (params != null) {
            params.done();
        }
        if (template == Template.LOGENTRY && config instanceof InstanceConfig.None) {
            return new InstanceConfig.Log(new java.util.TreeMap<>(), null, null);
        }
        return config;
    }

    private static InstanceConfig without(Fields owner, String field) {
        owner.missing(field);
        return new InstanceConfig.None();
    }

    private static InstanceConfig inert(Template template, @Nullable Fields params, Fields owner) {
        owner.findings()
                .warning(
                        "no-effect",
                        owner.place(),
                        "",
                        "the template \"" + template.code() + "\" has no effect here",
                        template.variety() == Template.Variety.CHECK
                                ? "for checks of connections use listentry or checknothing"
                                : "");
        if (params != null) {
            params.acceptAll();
        }
        return new InstanceConfig.None();
    }

    private InstanceConfig listEntry(Fields params) {
        Field field = params.find("value");
        if (field == null) {
            params.missing("value");
            return new InstanceConfig.None();
        }
        CompiledExpression value = expressions.read(params, field, null);
        if (value == null) {
            return new InstanceConfig.None();
        }
        if (value.type() != ValueType.STRING && value.type() != ValueType.IP_ADDRESS) {
            params.findings()
                    .error(
                            "invalid-expression",
                            field.place(),
                            field.path(),
                            "expression '" + value.source() + "' typeError got " + value.type()
                                    + ", expected STRING or IP_ADDRESS",
                            "");
        }
        return new InstanceConfig.ListEntry(value);
    }

    private InstanceConfig log(Fields params) {
        InstanceConfig.Log log = new InstanceConfig.Log(
                expressions.map(params, "variables"),
                expressions.read(params, "timestamp", ValueType.TIMESTAMP),
                expressions.read(params, "severity", ValueType.STRING));
        readMonitoredResource(params);
        return log;
    }

    private InstanceConfig metric(Fields params) {
        Field field = params.find("value");
        if (field == null) {
            params.missing("value");
        }
        CompiledExpression value = field == null ? null : expressions.read(params, field, null);
        var dimensions = expressions.map(params, "dimensions");
        readMonitoredResource(params);
        return value == null ? new InstanceConfig.None() : new InstanceConfig.Metric(value, dimensions);
    }

    /** Checked like every expression, and printed nowhere, as in Mixer. */
    private void readMonitoredResource(Fields params) {
        expressions.read(params, "monitored_resource_type", ValueType.STRING);
        expressions.map(params, "monitored_resource_dimensions");
    }
}
