package dev.exeat.proxy.h2;

import java.util.ArrayList;
import java.util.List;

/** The static and the dynamic table of an HPACK decoder (RFC 7541 section 2.3 and appendix A). */
final class HpackTable {
    /** The default of SETTINGS_HEADER_TABLE_SIZE, which is never changed here. */
    static final int MAX_SIZE = 4096;

    private static final String[] NAMES_AND_VALUES = {
        ":authority",
        "",
        ":method",
        "GET",
        ":method",
        "POST",
        ":path",
        "/",
        ":path",
        "/index.html",
        ":scheme",
        "http",
        ":scheme",
        "https",
        ":status",
        "200",
        ":status",
        "204",
        ":status",
        "206",
        ":status",
        "304",
        ":status",
        "400",
        ":status",
        "404",
        ":status",
        "500",
        "accept-charset",
        "",
        "accept-encoding",
        "gzip, deflate",
        "accept-language",
        "",
        "accept-ranges",
        "",
        "accept",
        "",
        "access-control-allow-origin",
        "",
        "age",
        "",
        "allow",
        "",
        "authorization",
        "",
        "cache-control",
        "",
        "content-disposition",
        "",
        "content-encoding",
        "",
        "content-language",
        "",
        "content-length",
        "",
        "content-location",
        "",
        "content-range",
        "",
        "content-type",
        "",
        "cookie",
        "",
        "date",
        "",
        "etag",
        "",
        "expect",
        "",
        "expires",
        "",
        "from",
        "",
        "host",
        "",
        "if-match",
        "",
        "if-modified-since",
        "",
        "if-none-match",
        "",
        "if-range",
        "",
        "if-unmodified-since",
        "",
        "last-modified",
        "",
        "link",
        "",
        "location",
        "",
        "max-forwards",
        "",
        "proxy-authenticate",
        "",
        "proxy-authorization",
        "",
        "range",
        "",
        "referer",
        "",
        "refresh",
        "",
        "retry-after",
        "",
        "server",
        "",
        "set-cookie",
        "",
        "strict-transport-security",
        "",
        "transfer-encoding",
        "",
        "user-agent",
        "",
        "vary",
        "",
        "via",
        "",
        "www-authenticate",
        ""
    };
    private static final List<HeaderField> STATIC = staticTable();

    /** The same fields, the oldest first from {@link #first} on, so that an index is found at once. */
    private final ArrayList<HeaderField> fields = new ArrayList<>();

    private int first;
    private int size;
    private int limit = MAX_SIZE;

    private static List<HeaderField> staticTable() {
        List<HeaderField> table = new ArrayList<>(61);
        for (int i = 0; i < NAMES_AND_VALUES.length; i += 2) {
            table.add(new HeaderField(NAMES_AND_VALUES[i], NAMES_AND_VALUES[i + 1]));
        }
        return List.copyOf(table);
    }

    /** @throws H2Exception with COMPRESSION_ERROR if there is no such entry */
    HeaderField at(int index) {
        if (index >= 1 && index <= STATIC.size()) {
            return STATIC.get(index - 1);
        }
        int fromNewest = index - STATIC.size() - 1;
        if (index < 1 || fromNewest >= fields.size() - first) {
            throw H2Exception.compression("the index of a header field that does not exist");
        }
        return fields.get(fields.size() - 1 - fromNewest);
    }

    /** RFC 7541 section 4.4: what does not fit empties the table, and is no error. */
    void add(HeaderField field) {
        evict(limit - field.size());
        if (field.size() <= limit) {
            fields.add(field);
            size += field.size();
        }
    }

    void resize(int newLimit) {
        if (newLimit > MAX_SIZE) {
            throw H2Exception.compression("a dynamic table size above the one allowed");
        }
        limit = newLimit;
        evict(newLimit);
    }

    private void evict(int target) {
        while (size > Math.max(target, 0)) {
            size -= fields.get(first).size();
            first++;
        }
        // Evicted fields are cut off in batches, so that eviction costs the same however it is spread.
        if (first == fields.size() || first > MAX_SIZE / 32) {
            fields.subList(0, first).clear();
            first = 0;
        }
    }
}
