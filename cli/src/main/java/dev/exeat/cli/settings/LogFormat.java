package dev.exeat.cli.settings;

/** How the program's own log is written. */
public enum LogFormat {
    TEXT,
    JSON
}
