package dev.exeat.proxy.h2;

/** The status of a response's header list (RFC 9113 section 8.3.2). */
final class ResponseStatus {
    private ResponseStatus() {}

    /** 100 to 599, or -1 if the list has not exactly one well-formed status before its other fields. */
    static int of(HpackDecoder.Block block) {
        int status = -1;
        boolean regular = false;
        for (HeaderField field : block.fields()) {
            if (!field.name().startsWith(":")) {
                regular = true;
                continue;
            }
            if (regular || status >= 0 || !field.name().equals(":status")) {
                return -1;
            }
            String value = field.value();
            if (value.length() != 3 || !value.chars().allMatch(c -> c >= '0' && c <= '9')) {
                return -1;
            }
            status = Integer.parseInt(value);
        }
        return block.tooLarge() || status < 100 || status > 599 ? -1 : status;
    }
}
