package dev.exeat.control.importing;

import java.util.Locale;

/** Whose rules can be read. */
public enum ImportSource {
    SMOKESCREEN("Smokescreen ACL"),
    CILIUM("Cilium network policies"),
    LINKERD("Linkerd egress networks"),
    SQUID("Squid configuration"),
    HARDEN_RUNNER("harden-runner steps of a GitHub workflow");

    private final String title;

    ImportSource(String title) {
        this.title = title;
    }

    /** What a file of it is, for people. */
    public String title() {
        return title;
    }

    /** As people write it: {@code harden-runner}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
