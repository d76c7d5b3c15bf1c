package dev.exeat.it.faults;

/**
 * One connection of the load.
 *
 * @param began and {@code ended}: {@code System.nanoTime()}
 * @param host of the ClientHello
 * @param firstOctet nanoseconds to the upstream's first octet, or -1
 * @param detail for people
 */
record Visit(long id, Route route, String host, long began, long ended, Ending ending, long firstOctet, String detail) {
    boolean delivered() {
        return ending == Ending.DELIVERED;
    }

    boolean isTo(Site site) {
        return host.equals(site.host());
    }

    @Override
    public String toString() {
        return "visit " + id + " by " + route + " to " + host + ": " + ending + " after " + (ended - began) / 1_000_000
                + " ms, " + detail;
    }
}
