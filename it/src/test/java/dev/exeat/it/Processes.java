package dev.exeat.it;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What runs on this machine. */
final class Processes {
    private Processes() {}

    /** How many processes have exactly this command line. */
    static long withWords(String words) {
        return ProcessHandle.allProcesses()
                .filter(process -> commandLine(process.pid()).equals(words))
                .count();
    }

    /** How many network namespaces processes are in. */
    static long networkNamespaces() {
        return ProcessHandle.allProcesses()
                .map(process -> link(Path.of("/proc", Long.toString(process.pid()), "ns", "net")))
                .filter(namespace -> !namespace.isEmpty())
                .distinct()
                .count();
    }

    private static String link(Path file) {
        try {
            return Files.readSymbolicLink(file).toString();
        } catch (IOException e) {
            return ""; // It has ended.
        }
    }

    private static String commandLine(long pid) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(pid), "cmdline"), StandardCharsets.ISO_8859_1)
                    .replace('\0', ' ')
                    .strip();
        } catch (IOException e) {
            return ""; // It has ended.
        }
    }
}
