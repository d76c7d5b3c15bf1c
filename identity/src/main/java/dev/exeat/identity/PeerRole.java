package dev.exeat.identity;

/** Which side of the TLS handshake the peer is on; its extended key usage, if there is one, must name it. */
public enum PeerRole {
    CLIENT("clientAuth", "1.3.6.1.5.5.7.3.2"),
    SERVER("serverAuth", "1.3.6.1.5.5.7.3.1");

    private final String purpose;
    private final String purposeId;

    PeerRole(String purpose, String purposeId) {
        this.purpose = purpose;
        this.purposeId = purposeId;
    }

    String purpose() {
        return purpose;
    }

    /** The KeyPurposeId of RFC 5280 section 4.2.1.12. */
    String purposeId() {
        return purposeId;
    }
}
