package dev.exeat.flow.store;

/**
 * Which part of what fits a filter is read, always in the order in which it was written.
 *
 * @param after only what was written after this {@link StoredFlow#sequence}; 0 for all
 * @param last only the newest so many; 0 for all
 */
public record Window(long after, int last) {
    public static final Window ALL = new Window(0, 0);

    public static Window after(long sequence) {
        return new Window(sequence, 0);
    }

    public static Window last(int count) {
        return new Window(0, count);
    }
}
