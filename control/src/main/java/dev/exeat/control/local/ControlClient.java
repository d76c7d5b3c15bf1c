package dev.exeat.control.local;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Asks a running gateway on this machine. */
public final class ControlClient {
    private final Path dataDir;

    /** @param dataDir that of the process that is asked */
    public ControlClient(Path dataDir) {
        this.dataDir = dataDir;
    }

    /**
     * Asks and waits for the whole answer.
     *
     * @throws ControlException if no process answers there, it refuses, or the question is longer than 256 KiB
     */
    public List<JsonNode> ask(String command, Map<String, String> arguments) {
        Map<String, String> question = new LinkedHashMap<>();
        question.put(ControlProtocol.COMMAND, command);
        question.putAll(arguments);
        byte[] octets = (ControlProtocol.json().writeValueAsString(question) + "\n").getBytes(StandardCharsets.UTF_8);
        if (octets.length > ControlProtocol.MAX_QUESTION) {
            throw new ControlException("the question is longer than " + ControlProtocol.MAX_QUESTION + " octets");
        }
        Path path = ControlProtocol.socket(dataDir);
        try (SocketChannel socket = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            ByteBuffer line = ByteBuffer.wrap(octets);
            while (line.hasRemaining()) {
                socket.write(line);
            }
            return answer(new BufferedInputStream(Channels.newInputStream(socket)));
        } catch (IOException | JacksonException e) {
            throw new ControlException(
                    "no process answers on " + path + "; is 'exeat up' or 'exeat gateway' running, and is its data"
                            + " directory " + dataDir + "? Name it with --data-dir",
                    e);
        }
    }

    private static List<JsonNode> answer(InputStream in) throws IOException {
        List<JsonNode> objects = new ArrayList<>();
        for (String line = ControlProtocol.line(in, ControlProtocol.MAX_OBJECT);
                line != null;
                line = ControlProtocol.line(in, ControlProtocol.MAX_OBJECT)) {
            JsonNode object = ControlProtocol.json().readTree(line);
            if (object.has(ControlProtocol.ERROR)) {
                throw new ControlException(object.get(ControlProtocol.ERROR).asString());
            }
            if (object.has(ControlProtocol.END)) {
                return objects;
            }
            objects.add(object);
        }
        throw new ControlException("the process ended before its answer was complete; ask again");
    }
}
