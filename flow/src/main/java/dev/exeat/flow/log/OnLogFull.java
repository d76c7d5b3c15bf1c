package dev.exeat.flow.log;

/** What is done when a log cannot take the lines that are waiting. */
public enum OnLogFull {
    /** Connections go on, and lines are dropped and counted. */
    DROP,
    /** No connection is carried whose lines would find no room: those that come wait. */
    BLOCK
}
