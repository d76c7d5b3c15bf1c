package dev.exeat.control.access;

/** A caller that may not do what it asks for; the message is in the words of Kubernetes. */
public final class ForbiddenException extends RuntimeException {
    private final Attributes attributes;

    ForbiddenException(String message, Attributes attributes) {
        super(message, null, false, false);
        this.attributes = attributes;
    }

    public Attributes attributes() {
        return attributes;
    }
}
