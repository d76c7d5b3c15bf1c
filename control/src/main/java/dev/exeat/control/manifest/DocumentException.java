package dev.exeat.control.manifest;

import dev.exeat.model.Place;
import dev.exeat.model.Problem;

/** A document that cannot be read any further. */
final class DocumentException extends RuntimeException {
    private final transient Problem problem;

    DocumentException(String code, Place place, String message, String cure) {
        super(message);
        this.problem = new Problem(Problem.Severity.ERROR, code, place, null, "", message, cure);
    }

    Problem problem() {
        return problem;
    }
}
