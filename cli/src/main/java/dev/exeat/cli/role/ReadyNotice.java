package dev.exeat.cli.role;

import dev.exeat.model.IpAddress;
import java.io.IOException;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Tells people and scripts where a role listens, as one line of JSON whose keys are the flags' names. */
final class ReadyNotice {
    private final String json;

    ReadyNotice(Map<String, InetSocketAddress> bound) {
        this.json = json(bound);
    }

    private static String json(Map<String, InetSocketAddress> bound) {
        StringWriter text = new StringWriter();
        try (JsonGenerator generator = new JsonFactory().createGenerator(ObjectWriteContext.empty(), text)) {
            generator.writeStartObject();
            bound.forEach((flag, address) -> generator.writeStringProperty(flag, hostPort(address)));
            generator.writeEndObject();
        }
        return text.toString();
    }

    private static String hostPort(InetSocketAddress address) {
        String host = IpAddress.of(address.getAddress()).toString();
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
    }

    String line() {
        return "ready " + json;
    }

    /** Readers see the whole file or none: it appears by a rename. */
    void writeTo(Path file) {
        Path absolute = file.toAbsolutePath();
        Path staged = absolute.resolveSibling("." + absolute.getFileName() + ".new");
        try {
            if (absolute.getParent() != null) {
                Files.createDirectories(absolute.getParent());
            }
            Files.writeString(staged, json + "\n");
            Files.move(staged, absolute, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new ReadyFileException("cannot write the ready file " + file + ": " + e, e);
        }
    }
}
