package dev.exeat.cli.settings;

/** Whether the tunnel listener hands out session tickets. */
public enum Tickets {
    ON,
    OFF
}
