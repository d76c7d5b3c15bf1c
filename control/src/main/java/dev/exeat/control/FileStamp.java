package dev.exeat.control;

import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;

/** What tells one content of a file from another without reading it. */
record FileStamp(long size, Instant modified, String key) {
    static final FileStamp NONE = new FileStamp(0, Instant.EPOCH, "");

    static FileStamp of(BasicFileAttributes attributes) {
        return new FileStamp(
                attributes.size(), attributes.lastModifiedTime().toInstant(), String.valueOf(attributes.fileKey()));
    }
}
