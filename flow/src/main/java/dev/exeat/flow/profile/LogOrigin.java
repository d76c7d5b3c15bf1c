package dev.exeat.flow.profile;

/**
 * Who writes the lines.
 *
 * @param version of the program
 * @param host name of the machine
 * @param app the gateway's {@code app} label, {@code unknown} without one
 * @param workload the gateway's name as a workload
 */
public record LogOrigin(String version, String host, String app, String workload) {}
