package dev.exeat.model;

/** Which hosts exist for the gateway. */
public enum RegistryMode {
    /** Only hosts and ports that a ServiceEntry names. */
    REGISTRY_ONLY,
    ALLOW_ANY
}
