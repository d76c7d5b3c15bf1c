package dev.exeat.cli.settings;

/** What a pod of the lab is. */
public enum LabPods {
    /** A network namespace where one can be made, and a process environment elsewhere. */
    AUTO,
    /** A network namespace, whose traffic the kernel redirects to the pod's proxy. */
    NAMESPACE,
    /** A process environment, whose programs find the pod's proxy in their variables. */
    PROCESS
}
