package dev.exeat.cli.answer;

import dev.exeat.control.manifest.ManifestReader;
import dev.exeat.model.Resource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The manifests as they would be after the changes so far. Nothing is written. Not thread-safe. */
final class EditedFiles {
    private final Map<Path, String> texts = new HashMap<>();

    /**
     * One more change, of the file in which an object stands.
     *
     * @param edit gives the file's new text, if the old one can be changed
     */
    Optional<FileDiff> edit(Resource object, Function<String, Optional<String>> edit) {
        try {
            Path file = Path.of(object.place().file());
            if (object.place().line() == 0 || !Files.isRegularFile(file)) {
                return Optional.empty();
            }
            Path real = file.toRealPath();
            Optional<String> known = Optional.ofNullable(texts.get(real));
            Optional<String> before = known.isPresent() ? known : read(real);
            return before.flatMap(text -> edit.apply(text).flatMap(after -> {
                texts.put(real, after);
                return FileDiff.between(real, text, after);
            }));
        } catch (IOException | InvalidPathException e) {
            return Optional.empty(); // The object is told whole; only its file cannot be patched from here.
        }
    }

    private static Optional<String> read(Path file) throws IOException {
        if (Files.size(file) > ManifestReader.MAX_BYTES) {
            return Optional.empty();
        }
        byte[] content = Files.readAllBytes(file);
        String text = new String(content, StandardCharsets.UTF_8);
        // A patch is in UTF-8; of a file that is not, or begins with a byte order mark, none is made.
        return java.util.Arrays.equals(text.getBytes(StandardCharsets.UTF_8), content) && !text.startsWith("\ufeff")
                ? Optional.of(text)
                : Optional.empty();
    }
}
