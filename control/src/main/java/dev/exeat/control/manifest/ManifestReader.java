package dev.exeat.control.manifest;

import dev.exeat.model.Node;
import dev.exeat.model.Place;
import dev.exeat.model.Problem;
import dev.exeat.model.Resource;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Reads a manifest: any number of YAML 1.2 or JSON documents, each an object or a {@code List} of objects; empty ones
 * are skipped. At most {@value #MAX_BYTES} octets of UTF-8, 50 levels, 50 aliases per document. All errors of the file
 * are told at once, each with its line. Stateless, thread-safe.
 */
public final class ManifestReader {
    public static final int MAX_BYTES = 3 * 1024 * 1024;
    private static final Comparator<Problem> BY_PLACE = Comparator.comparingInt(
                    (Problem problem) -> problem.place().line())
            .thenComparingInt(problem -> problem.place().column());

    /**
     * Reads one file.
     *
     * @param fileName how places name the file
     */
    public ManifestFile read(String fileName, byte[] content) {
        if (content.length > MAX_BYTES) {
            return refused(
                    "file-too-large",
                    new Place(fileName, 0, 0),
                    "the file has " + content.length + " octets, more than " + MAX_BYTES,
                    "split it into several files");
        }
        CharBuffer text = CharBuffer.allocate(content.length + 1);
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        CoderResult result = decoder.decode(ByteBuffer.wrap(content), text, true);
        text.flip();
        if (result.isError()) {
            return refused(
                    "file-encoding", endOf(fileName, text), "the file is not UTF-8 from here on", "save it as UTF-8");
        }
        boolean marked = !text.isEmpty() && text.charAt(0) == '\uFEFF';
        return read(fileName, marked ? text.subSequence(1, text.length()).toString() : text.toString());
    }

    private static ManifestFile read(String fileName, String stream) {
        List<Resource> resources = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        for (DocumentText document : DocumentText.split(stream)) {
            try {
                read(fileName, document, resources, problems);
            } catch (DocumentException e) {
                problems.add(e.problem());
            } catch (YamlEngineException e) {
                problems.add(SyntaxErrors.describe(fileName, document, e));
            }
        }
        problems.sort(BY_PLACE);
        return new ManifestFile(resources, problems);
    }

    private static void read(String fileName, DocumentText document, List<Resource> resources, List<Problem> problems) {
        SyntaxErrors.refuseForbiddenCharacters(fileName, document);
        LoadSettings settings = LoadSettings.builder()
                .setLabel(fileName)
                .setCodePointLimit(MAX_BYTES)
                .build();
        Iterator<Event> events =
                new Parse(settings).parseString(document.text()).iterator();
        while (events.hasNext()) {
            if (events.next().getEventId() != Event.ID.DocumentStart) {
                continue;
            }
            NodeBuilder builder = new NodeBuilder(fileName, document.firstLine(), events);
            Node root = builder.build(events.next());
            events.next(); // the end of the document: a syntax error after the root shows here
            ObjectReader objects = new ObjectReader();
            objects.read(root);
            problems.addAll(builder.problems());
            problems.addAll(objects.problems());
            if (builder.problems().isEmpty()) {
                resources.addAll(objects.resources());
            }
        }
    }

    private static Place endOf(String fileName, CharBuffer text) {
        int line = 1;
        int column = 1;
        for (int i = 0; i < text.length(); i++) {
            boolean newLine = text.charAt(i) == '\n';
            line += newLine ? 1 : 0;
            column = newLine ? 1 : column + 1;
        }
        return new Place(fileName, line, column);
    }

    private static ManifestFile refused(String code, Place place, String message, String cure) {
        return new ManifestFile(
                List.of(), List.of(new Problem(Problem.Severity.ERROR, code, place, null, "", message, cure)));
    }
}
