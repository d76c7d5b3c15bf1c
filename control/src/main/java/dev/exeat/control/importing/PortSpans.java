package dev.exeat.control.importing;

import java.util.ArrayList;
import java.util.List;

/**
 * A set of ports, as spans. Immutable.
 *
 * @param spans may overlap
 */
record PortSpans(List<Span> spans) {
    static final int MAX_PORT = 65535;
    static final PortSpans EVERY = new PortSpans(List.of(new Span(1, MAX_PORT)));
    /** So many ports of a span are written out. */
    private static final int MAX_LISTED = 64;

    record Span(int first, int last) {
        int size() {
            return last - first + 1;
        }
    }

    PortSpans {
        spans = List.copyOf(spans);
    }

    /** The port number that the text is, or 0. */
    static int number(String text) {
        boolean digits = !text.isEmpty() && text.length() <= 5 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        int number = digits ? Integer.parseInt(text) : 0;
        return number <= MAX_PORT ? number : 0;
    }

    boolean isEmpty() {
        return spans.isEmpty();
    }

    boolean isEvery() {
        return spans.stream().anyMatch(span -> span.first() <= 1 && span.last() == MAX_PORT);
    }

    boolean contains(int port) {
        return spans.stream().anyMatch(span -> span.first() <= port && port <= span.last());
    }

    PortSpans and(PortSpans other) {
        List<Span> both = new ArrayList<>();
        for (Span one : spans) {
            for (Span two : other.spans) {
                int first = Math.max(one.first(), two.first());
                int last = Math.min(one.last(), two.last());
                if (first <= last) {
                    both.add(new Span(first, last));
                }
            }
        }
        return new PortSpans(both);
    }

    /** Whether they are few enough to be written one by one. */
    boolean isListable() {
        long size = 0;
        for (Span span : spans) {
            size += span.size();
        }
        return size <= MAX_LISTED;
    }

    /** One by one; only where they are few. */
    List<Integer> listed() {
        List<Integer> ports = new ArrayList<>();
        for (Span span : spans) {
            for (int port = span.first(); port <= span.last(); port++) {
                ports.add(port);
            }
        }
        return ports;
    }
}
