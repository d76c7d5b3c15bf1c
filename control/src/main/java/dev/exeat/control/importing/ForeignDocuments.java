package dev.exeat.control.importing;

import dev.exeat.control.manifest.ManifestReader;
import dev.exeat.model.Place;
import java.util.ArrayList;
import java.util.List;

/** Reads YAML files that hold no objects of ours, within the bounds of manifests. */
final class ForeignDocuments {
    private ForeignDocuments() {}

    static List<Piece> read(String file, byte[] content) {
        ManifestReader.Documents documents = new ManifestReader().readDocuments(file, content);
        if (!documents.problems().isEmpty()) {
            throw new ImportException(documents.problems());
        }
        List<Piece> pieces = new ArrayList<>();
        documents.roots().stream()
                .map(root -> new Piece(root, ""))
                .filter(Piece::isMapping)
                .forEach(pieces::add);
        if (pieces.isEmpty()) {
            throw new ImportException(new Place(file, 0, 0), "the file holds no mapping of fields", "");
        }
        return pieces;
    }

    /** The objects of all documents, those in a {@code List} too. */
    static List<Piece> objects(List<Piece> documents) {
        List<Piece> objects = new ArrayList<>();
        for (Piece document : documents) {
            if (document.text("kind").endsWith("List") && document.has("items")) {
                objects.addAll(document.items("items"));
            } else {
                objects.add(document);
            }
        }
        return objects;
    }
}
