package dev.exeat.control.importing;

import dev.exeat.model.Place;

/**
 * Something that could not be carried over as it was.
 *
 * @param what the piece of the source, as a path or its own words
 * @param why for people, and what became of it
 */
public record Loss(Place place, String what, String why) {
    @Override
    public String toString() {
        return place + ": " + what + ": " + why;
    }
}
