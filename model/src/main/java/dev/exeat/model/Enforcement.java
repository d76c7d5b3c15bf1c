package dev.exeat.model;

/** Whether denials by policy bite. Names that disagree and forbidden addresses are refused under every mode. */
public enum Enforcement {
    ENFORCE,
    /** The verdict is computed, recorded and counted, and the connection passes. */
    AUDIT,
    /** No policy is evaluated; the registry, the checks of names and the address guard stay. */
    DISABLED
}
