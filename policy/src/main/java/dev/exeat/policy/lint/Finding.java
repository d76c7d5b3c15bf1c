package dev.exeat.policy.lint;

import dev.exeat.model.ObjectKey;
import dev.exeat.model.Place;
import dev.exeat.policy.manifest.Field;

/**
 * What a check has found; its code is the check's.
 *
 * @param field dotted path within the object; empty for the whole
 */
public record Finding(ObjectKey object, Place place, String field, String message, String cure) {

    static Finding at(ObjectKey object, Field field, String message, String cure) {
        return new Finding(object, field.place(), field.path(), message, cure);
    }

    static Finding at(HostUse use, String message, String cure) {
        return new Finding(use.object(), use.place(), use.field(), message, cure);
    }
}
