package dev.exeat.cli.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** Reads where a role listens. */
final class ReadyFile {
    private ReadyFile() {}

    /** @return addresses by flag */
    static Map<String, String> read(Path file) {
        Map<String, String> addresses = new LinkedHashMap<>();
        try (JsonParser json = new JsonFactory().createParser(ObjectReadContext.empty(), Files.readString(file))) {
            json.nextToken();
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                String flag = json.currentName();
                json.nextToken();
                addresses.put(flag, json.getString());
            }
            return addresses;
        } catch (IOException e) {
            throw new DemoException("cannot read " + file + ": " + e, e);
        }
    }
}
