package dev.exeat.control.manifest;

import dev.exeat.model.Node;
import dev.exeat.model.Place;
import dev.exeat.model.Resource;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Changes one object in the text of a manifest, and leaves all else as it was written: comments, order, quotes. What
 * comes out has been read again and says what it is to say; where no edit of the text does, there is none. Stateless.
 */
public final class ManifestEditor {
    private static final String NAME = "";

    private final ManifestReader reader = new ManifestReader();

    /**
     * The text with another body of an object.
     *
     * @param before the object as the text has it
     */
    public Optional<String> replace(String text, Resource before, Node.Mapping after) {
        return edited(text, before, Optional.of(after));
    }

    /** The text without an object; empty text if nothing else stands in it. */
    public Optional<String> remove(String text, Resource before) {
        return edited(text, before, Optional.empty());
    }

    private Optional<String> edited(String text, Resource before, Optional<Node.Mapping> after) {
        ManifestFile file = read(text);
        int index = indexOf(file.resources(), before);
        if (file.hasErrors() || index < 0) {
            return Optional.empty();
        }
        List<Node.Mapping> wanted = new ArrayList<>();
        file.resources().forEach(resource -> wanted.add(resource.body()));
        Node.Mapping old = wanted.remove(index);
        after.ifPresent(body -> wanted.add(index, body));
        return candidates(text, old, after).stream()
                .filter(candidate -> says(candidate, wanted))
                .findFirst();
    }

    private ManifestFile read(String text) {
        return reader.read(NAME, text.getBytes(StandardCharsets.UTF_8));
    }

    private static int indexOf(List<Resource> resources, Resource wanted) {
        for (int i = 0; i < resources.size(); i++) {
            Resource resource = resources.get(i);
            if (resource.key().equals(wanted.key()) && NodeContent.same(resource.body(), wanted.body())) {
                return i;
            }
        }
        return -1;
    }

    private boolean says(String text, List<Node.Mapping> wanted) {
        ManifestFile file = read(text);
        if (file.hasErrors() || file.resources().size() != wanted.size()) {
            return false;
        }
        for (int i = 0; i < wanted.size(); i++) {
            if (!NodeContent.same(file.resources().get(i).body(), wanted.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** Those that change least first. */
    private static List<String> candidates(String text, Node.Mapping old, Optional<Node.Mapping> after) {
        List<String> candidates = new ArrayList<>();
        int offset = 0;
        List<DocumentText> documents = DocumentText.split(text);
        for (int i = 0; i < documents.size(); i++) {
            DocumentText document = documents.get(i);
            boolean last = i + 1 == documents.size();
            if (old.place().line() >= document.firstLine()
                    && (last || old.place().line() < documents.get(i + 1).firstLine())) {
                String head = text.substring(0, offset);
                String tail = text.substring(offset + document.text().length());
                ofDocument(document, old, after).forEach(changed -> candidates.add(head + changed + tail));
            }
            offset += document.text().length();
        }
        return candidates;
    }

    private static List<String> ofDocument(DocumentText document, Node.Mapping old, Optional<Node.Mapping> after) {
        Place place = new Place(
                "", old.place().line() - document.firstLine() + 1, old.place().column());
        List<String> candidates = new ArrayList<>();
        if (after.isPresent()) {
            attempt(candidates, () -> {
                WrittenNode written = WrittenNode.find(document.text(), place);
                return new TextChange(document.text()).change(old, after.get(), written.node());
            });
            attempt(candidates, () -> {
                WrittenNode written = WrittenNode.find(document.text(), place);
                return new TextChange(document.text()).rewrite(after.get(), written);
            });
        } else {
            attempt(candidates, () -> new TextChange(document.text()).remove(WrittenNode.find(document.text(), place)));
        }
        return candidates;
    }

    /** An edit that the text's form does not allow. */
    static final class UnplaceableException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        UnplaceableException(String message) {
            super(message);
        }
    }

    private interface Edit {
        String text();
    }

    private static void attempt(List<String> candidates, Edit edit) {
        try {
            candidates.add(edit.text());
        } catch (UnplaceableException | YamlEngineException e) {
            // Then there is one candidate less.
            return;
        }
    }
}
