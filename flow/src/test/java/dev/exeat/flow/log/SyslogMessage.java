package dev.exeat.flow.log;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A syslog message as RFC 5424 section 6 reads it.
 *
 * @param header priority with version, time, host, application, process, message ID
 * @param parameters of the one element of structured data
 */
record SyslogMessage(List<String> header, Map<String, String> parameters, String text) {
    private static final int HEADER = 6;

    static SyslogMessage parse(String message) {
        List<String> header = new ArrayList<>();
        int at = 0;
        while (header.size() < HEADER) {
            int end = message.indexOf(' ', at);
            header.add(message.substring(at, end));
            at = end + 1;
        }
        require(message, at, "[exeat@32473");
        at += "[exeat@32473".length();
        Map<String, String> parameters = new LinkedHashMap<>();
        while (message.charAt(at) == ' ') {
            int equals = message.indexOf('=', at);
            String name = message.substring(at + 1, equals);
            require(message, equals + 1, "\"");
            StringBuilder value = new StringBuilder();
            at = equals + 2;
            while (message.charAt(at) != '"') {
                if (message.charAt(at) == '\\' && "\"\\]".indexOf(message.charAt(at + 1)) >= 0) {
                    at++;
                } else if (message.charAt(at) == ']') {
                    throw new IllegalArgumentException("an unescaped bracket at " + at + " in " + message);
                }
                value.append(message.charAt(at));
                at++;
            }
            at++;
            parameters.put(name, value.toString());
        }
        require(message, at, "] ");
        return new SyslogMessage(header, parameters, message.substring(at + 2));
    }

    private static void require(String message, int at, String expected) {
        if (!message.startsWith(expected, at)) {
            throw new IllegalArgumentException("no " + expected + " at " + at + " in " + message);
        }
    }
}
