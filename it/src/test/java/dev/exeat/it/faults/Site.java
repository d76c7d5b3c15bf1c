package dev.exeat.it.faults;

/** The two upstreams: faults meet the first, and must not be felt at the second. */
enum Site {
    VICTIM("a.load.test", "127.0.10.1"),
    BYSTANDER("b.load.test", "127.0.10.2");

    private final String host;
    private final String address;

    Site(String host, String address) {
        this.host = host;
        this.address = address;
    }

    String host() {
        return host;
    }

    String address() {
        return address;
    }
}
