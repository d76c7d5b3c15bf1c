package dev.exeat.cli.settings;

/** Another system whose expectations the gateway meets beyond its resources. */
public enum Compat {
    /** The workload labels and names that Istio's egress samples of the Mixer era match on. */
    MIXER
}
