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
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import tools.jackson.databind.JsonNode;

/**
 * Reads a manifest: any number of YAML 1.2 or JSON documents, each an object or a {@code List} of objects; empty ones
 * are skipped. At most {@value #MAX_BYTES} octets of UTF-8, 50 levels, 50 aliases per document. All errors of the file
 * are told at once, each with its line. Stateless, thread-safe but for what is handed in.
 */
public final class ManifestReader {
    public static final int MAX_BYTES = 3 * 1024 * 1024;
    private static final int MAX_PROBLEMS = 1000;
    private static final Comparator<Problem> BY_PLACE = Comparator.comparingInt(
                    (Problem problem) -> problem.place().line())
            .thenComparingInt(problem -> problem.place().column());

    /**
     * Reads one file.
     *
     * @param fileName how places name the file
     */
    public ManifestFile read(String fileName, byte[] content) {
        return read(fileName, content, new ReadDocuments());
    }

    /**
     * Reads one file again: documents that say the same in the same lines as before are not parsed, and give the same
     * objects.
     *
     * @param known the documents of the file as it was read last; afterwards those that it has now
     */
    public ManifestFile read(String fileName, byte[] content, ReadDocuments known) {
        List<Resource> resources = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        ReadDocuments.Reading reading = known.begin();
        try {
            for (DocumentText document : DocumentText.split(decode(fileName, content))) {
                if (problems.size() >= MAX_PROBLEMS) {
                    throw new DocumentException(
                            "file-too-broken",
                            new Place(fileName, document.firstLine(), 1),
                            "there are too many errors above; the file was not read from here on",
                            "");
                }
                ManifestFile read = reading.of(document, () -> read(fileName, document));
                resources.addAll(read.resources());
                problems.addAll(read.problems());
            }
        } catch (DocumentException e) {
            problems.add(e.problem());
        }
        reading.end();
        problems.sort(BY_PLACE);
        return new ManifestFile(resources, problems);
    }

    /**
     * Reads one object that is parsed already.
     *
     * @param place where all of it stands
     */
    public ManifestFile read(Place place, JsonNode object) {
        ObjectReader objects = new ObjectReader();
        try {
            objects.read(new JsonNodes(place).of(object));
        } catch (DocumentException e) {
            return new ManifestFile(List.of(), List.of(e.problem()));
        }
        return new ManifestFile(objects.resources(), objects.problems());
    }

    private static ManifestFile read(String fileName, DocumentText document) {
        ObjectReader objects = new ObjectReader();
        List<Problem> problems = new ArrayList<>();
        roots(fileName, document, problems).forEach(objects::read);
        List<Resource> resources = problems.isEmpty() ? objects.resources() : List.of();
        problems.addAll(objects.problems());
        return new ManifestFile(resources, problems);
    }

    /** What a file holds that is no manifest: its documents' roots, and what is wrong with it. */
    public record Documents(List<Node> roots, List<Problem> problems) {
        public Documents {
            roots = List.copyOf(roots);
            problems = List.copyOf(problems);
        }
    }

    /** Reads a YAML file that holds no objects, within the bounds of a manifest. */
    public Documents readDocuments(String fileName, byte[] content) {
        List<Node> roots = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        try {
            for (DocumentText document : DocumentText.split(decode(fileName, content))) {
                roots.addAll(roots(fileName, document, problems));
            }
        } catch (DocumentException e) {
            problems.add(e.problem());
        }
        return new Documents(roots, problems);
    }

    /** Reads a YAML file that holds no objects; empty unless it is one good document. */
    public Optional<Node> readSingleDocument(String fileName, byte[] content) {
        Documents read = readDocuments(fileName, content);
        return read.problems().isEmpty() && read.roots().size() == 1
                ? Optional.of(read.roots().getFirst())
                : Optional.empty();
    }

    /** @throws DocumentException if the content is not a text of the allowed size */
    private static String decode(String fileName, byte[] content) {
        if (content.length > MAX_BYTES) {
            throw new DocumentException(
                    "file-too-large",
                    new Place(fileName, 0, 0),
                    "the file is larger than " + MAX_BYTES + " octets",
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
            throw new DocumentException(
                    "file-encoding", endOf(fileName, text), "the file is not UTF-8 from here on", "save it as UTF-8");
        }
        boolean marked = !text.isEmpty() && text.charAt(0) == '\uFEFF';
        return marked ? text.subSequence(1, text.length()).toString() : text.toString();
    }

    /** The root of each YAML document in the text: one, or none where it is empty or broken. */
    private static List<Node> roots(String fileName, DocumentText document, List<Problem> problems) {
        List<Node> roots = new ArrayList<>();
        try {
            SyntaxErrors.refuseForbiddenCharacters(fileName, document);
            LoadSettings settings = LoadSettings.builder()
                    .setLabel(fileName)
                    .setCodePointLimit(MAX_BYTES)
                    .build();
            Iterator<Event> events =
                    new Parse(settings).parseString(document.text()).iterator();
            while (events.hasNext()) {
                if (events.next().getEventId() == Event.ID.DocumentStart) {
                    NodeBuilder builder = new NodeBuilder(fileName, document.firstLine(), events);
                    Node root = builder.build(events.next());
                    events.next(); // the end of the document: a syntax error after the root shows here
                    problems.addAll(builder.problems());
                    roots.add(root);
                }
            }
        } catch (DocumentException e) {
            problems.add(e.problem());
        } catch (YamlEngineException e) {
            problems.add(SyntaxErrors.describe(fileName, document, e));
        } catch (RuntimeException e) {
            // The parser library has faults of its own for some broken texts, as an escape that is cut short.
            problems.add(SyntaxErrors.unreadable(fileName, document));
        }
        return roots;
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
}
