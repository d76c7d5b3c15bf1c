package dev.exeat.cli.options;

import dev.exeat.cli.options.LabelConverter.Label;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code key=value}; the value may be empty. */
public final class LabelConverter implements ITypeConverter<Label> {

    /** One label of a workload. */
    public record Label(String key, String value) {}

    @Override
    public Label convert(String text) {
        int equals = text.indexOf('=');
        if (equals <= 0) {
            throw new TypeConversionException("'" + text + "' is not KEY=VALUE; write for example app=my-gateway");
        }
        return new Label(text.substring(0, equals), text.substring(equals + 1));
    }
}
