package dev.exeat.control;

/** Where resources come from: directories, a store, an API server. Thread-safe. */
public interface ResourceSource extends AutoCloseable {

    /** The latest set, at once and without I/O. */
    ResourceSet current();

    /** Looks at everything anew; when this returns, {@link #current} tells what was found. */
    void refresh();

    /** Calls the listener after each change of {@link #current}, on a thread of the source's own; it must not block. */
    void onChange(Runnable listener);

    /** Ends the watching; {@link #current} keeps its last value. */
    @Override
    void close();
}
