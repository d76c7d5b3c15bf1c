package dev.exeat.proxy;

/** What becomes of an open connection that would not be permitted again. */
public enum OnChange {
    /** It goes on. */
    KEEP,
    /** It may go on for as long as a drain lasts, then it is cut. */
    DRAIN,
    /** It is cut at once. */
    CUT
}
