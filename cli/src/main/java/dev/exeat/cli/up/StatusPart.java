package dev.exeat.cli.up;

import java.util.Map;
import java.util.stream.Stream;

/** A part of what {@code exeat status} is answered, object by object; each has one field that names its kind. */
@FunctionalInterface
interface StatusPart {
    Stream<Map<String, ?>> pieces();
}
