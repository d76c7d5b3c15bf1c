package dev.exeat.policy.mixer;

import dev.exeat.model.ObjectKey;
import dev.exeat.policy.cexl.ValueType;
import dev.exeat.policy.cexl.Vocabulary;
import dev.exeat.policy.manifest.Field;
import dev.exeat.policy.manifest.Fields;
import dev.exeat.policy.manifest.Spelling;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads objects of {@code config.istio.io}. */
public final class MixerReader {
    private static final Set<String> INERT =
            Set.of("adapter", "template", "QuotaSpec", "QuotaSpecBinding", "HTTPAPISpec", "HTTPAPISpecBinding");
    private static final Map<String, Integer> VALUE_TYPES = valueTypes();

    private final Vocabulary vocabulary;

    public MixerReader(Vocabulary vocabulary) {
        this.vocabulary = vocabulary;
    }

    public static Set<String> kinds() {
        Set<String> kinds = new HashSet<>(Set.of("rule", "handler", "instance", "attributemanifest"));
        kinds.addAll(INERT);
        kinds.addAll(Adapter.names());
        kinds.addAll(Template.names());
        return kinds;
    }

    /** Reads an object whose kind is one of {@link #kinds}; faults are reported with the spec's findings. */
    public MixerObject read(ObjectKey key, Fields spec) {
        return switch (key.kind()) {
            case "rule" -> new RuleReader(vocabulary).read(key, spec);
            case "handler" -> handler(key, spec);
            case "instance" -> instance(key, spec);
            case "attributemanifest" -> manifest(key, spec);
            default -> legacyOrInert(key, spec);
        };
    }

    private MixerObject legacyOrInert(ObjectKey key, Fields spec) {
        Adapter adapter = Adapter.named(key.kind());
        if (adapter != null) {
            return handler(key, spec, adapter, spec);
        }
        Template template = Template.named(key.kind());
        if (template != null) {
            return instance(key, spec, template, spec);
        }
        spec.findings()
                .warning("no-effect", spec.place(), "", "objects of kind " + key.kind() + " have no effect here", "");
        return new MixerObject.Inert(key);
    }

    private MixerObject handler(ObjectKey key, Fields spec) {
        Field params = spec.find("params");
        spec.accept("connection");
        Field outOfProcess = spec.find("adapter");
        if (outOfProcess != null) {
            spec.findings()
                    .error(
                            "unsupported",
                            outOfProcess.place(),
                            outOfProcess.path(),
                            "adapters that run outside of the process are not supported",
                            "use compiledAdapter: listchecker, denier or stdio");
            return new MixerObject.Inert(key);
        }
        String name = spec.requiredText("compiled_adapter");
        Adapter adapter = name == null ? null : Adapter.named(name);
        if (name != null && adapter == null) {
            unknown(spec, "compiled_adapter", "adapter", name, Adapter.names());
        }
        spec.done();
        Fields nested = params == null ? null : spec.mapping(params);
        return adapter == null ? new MixerObject.Inert(key) : handler(key, spec, adapter, nested);
    }

    private static MixerObject handler(ObjectKey key, Fields spec, Adapter adapter, @Nullable Fields params) {
        if (params != null && adapter.use() != Adapter.Use.CHECKS && adapter.use() != Adapter.Use.REPORTS) {
            params.acceptAll();
        }
        return new MixerObject.Handler(key, spec.place(), adapter, HandlerReader.read(adapter, params, spec));
    }

    private MixerObject instance(ObjectKey key, Fields spec) {
        Field params = spec.find("params");
        spec.accept("attribute_bindings");
        Field outOfProcess = spec.find("template");
        if (outOfProcess != null) {
            spec.findings()
                    .error(
                            "unsupported",
                            outOfProcess.place(),
                            outOfProcess.path(),
                            "templates of adapters that run outside of the process are not supported",
                            "use compiledTemplate: listentry, checknothing, logentry or metric");
            return new MixerObject.Inert(key);
        }
        String name = spec.requiredText("compiled_template");
        Template template = name == null ? null : Template.named(name);
        if (name != null && template == null) {
            unknown(spec, "compiled_template", "template", name, Template.names());
        }
        spec.done();
        Fields nested = params == null ? null : spec.mapping(params);
        return template == null ? new MixerObject.Inert(key) : instance(key, spec, template, nested);
    }

    private MixerObject instance(ObjectKey key, Fields spec, Template template, @Nullable Fields params) {
        if (params != null && params == spec) {
            params.accept("attribute_bindings");
        }
        InstanceConfig config = new InstanceReader(vocabulary).read(template, params, spec);
        return new MixerObject.Instance(key, spec.place(), template, config);
    }

    private static void unknown(Fields spec, String field, String what, String name, Set<String> known) {
        String cure = Spelling.cure(name, known);
        spec.findings()
                .error(
                        "unknown-" + what,
                        spec.place(field),
                        spec.path(field.equals("compiled_adapter") ? "compiledAdapter" : "compiledTemplate"),
                        "unknown " + what + " \"" + name + "\"",
                        cure.isEmpty() ? "known are " + String.join(", ", known) : cure);
    }

    private static MixerObject manifest(ObjectKey key, Fields spec) {
        spec.accept("revision", "name");
        Map<String, ValueType> attributes = new TreeMap<>();
        spec.entries("attributes").forEach((name, field) -> {
            Fields attribute = spec.mapping(field);
            if (attribute == null) {
                return;
            }
            attribute.accept("description");
            Field typeField = attribute.find("value_type");
            String type = typeField == null ? null : attribute.enumerated(typeField, VALUE_TYPES);
            if (typeField == null) {
                attribute.missing("valueType");
            }
            attribute.done();
            if (type != null) {
                declare(spec, attributes, name, field, ValueType.valueOf(type));
            }
        });
        spec.done();
        return new MixerObject.Manifest(key, attributes);
    }

    private static void declare(
            Fields spec, Map<String, ValueType> attributes, String name, Field field, ValueType type) {
        ValueType standard = StandardAttributes.vocabulary().typeOf(name);
        if (standard != null && standard != type) {
            spec.findings()
                    .error(
                            "conflicting-type",
                            field.place(),
                            field.path(),
                            "the attribute \"" + name + "\" is of type " + standard + ", not " + type,
                            "use another name");
        } else {
            attributes.put(name, type);
        }
    }

    private static Map<String, Integer> valueTypes() {
        Map<String, Integer> numbers = new HashMap<>();
        for (ValueType type : ValueType.values()) {
            numbers.put(type.name(), type.number());
        }
        return Map.copyOf(numbers);
    }
}
