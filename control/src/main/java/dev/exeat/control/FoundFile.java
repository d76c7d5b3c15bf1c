package dev.exeat.control;

import java.nio.file.Path;

/**
 * A manifest file as a scan of its directory saw it.
 *
 * @param path as people know it: below the root as it was given
 * @param entry the directory's real path and the file's name, as changes name it
 * @param real where its content lies, all links followed
 */
record FoundFile(Path path, Path entry, Path real, FileStamp stamp) {}
