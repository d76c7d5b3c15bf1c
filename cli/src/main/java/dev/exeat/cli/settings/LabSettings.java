package dev.exeat.cli.settings;

/**
 * The lab of {@code exeat up}.
 *
 * @param on whether deployments become pods, in which commands can be run
 * @param pods what they are
 */
public record LabSettings(boolean on, LabPods pods) {}
