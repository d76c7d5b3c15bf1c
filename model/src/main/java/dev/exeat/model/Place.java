package dev.exeat.model;

/** Where a piece of configuration stands. Line and column count from 1; 0 means that it is not known. */
public record Place(String file, int line, int column) {
    public static final Place UNKNOWN = new Place("", 0, 0);

    @Override
    public String toString() {
        return line == 0 ? file : file + ":" + line + ":" + column;
    }
}
