package dev.exeat.flow;

/** How records write the protocol versions of TLS. */
public final class TlsVersions {
    private TlsVersions() {}

    public static String text(int wire) {
        return switch (wire) {
            case 0x0300 -> "SSLv3";
            case 0x0301 -> "TLSv1.0";
            case 0x0302 -> "TLSv1.1";
            case 0x0303 -> "TLSv1.2";
            case 0x0304 -> "TLSv1.3";
            default -> "0x%04x".formatted(wire);
        };
    }

    /** Reads it. @throws NumberFormatException if the text is none of {@link #text} */
    public static int wire(String text) {
        return switch (text) {
            case "SSLv3" -> 0x0300;
            case "TLSv1.0" -> 0x0301;
            case "TLSv1.1" -> 0x0302;
            case "TLSv1.2" -> 0x0303;
            case "TLSv1.3" -> 0x0304;
            default -> Integer.decode(text);
        };
    }
}
