package dev.exeat.net;

import io.netty.internal.tcnative.Library;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Loads BoringSSL once in the life of the process: from the directory that the property {@code exeat.native} names, or
 * else out of the jar of netty-tcnative.
 */
final class BoringSsl {

    /** Where the distribution has the library as a file, which is not to be unpacked at each start. */
    private static final String DIRECTORY = "exeat.native";

    private BoringSsl() {}

    /** Loads on first use, by the rule that a class is initialized once. */
    private static final class Loaded {
        static final boolean DONE = load();

        private static boolean load() {
            String processor = Kernel.ARCHITECTURE.equals(Architecture.X86_64) ? "x86_64" : "aarch_64";
            // The library tells by the name of its file under which names its functions are to be found.
            String name = "libnetty_tcnative_linux_" + processor + ".so";
            try {
                String directory = System.getProperty(DIRECTORY);
                if (directory != null) {
                    System.load(Path.of(directory, name).toString());
                } else {
                    loadFromJar(name);
                }
                return Library.initialize("provided", null);
            } catch (IOException e) {
                throw new IllegalStateException("the TLS library could not be written to the temporary directory", e);
            } catch (Exception e) {
                throw new IllegalStateException("the TLS library could not be initialized", e);
            }
        }

        private static void loadFromJar(String name) throws IOException {
            String resource = "/META-INF/native/" + name;
            try (InputStream library = BoringSsl.class.getResourceAsStream(resource)) {
                if (library == null) {
                    throw new IllegalStateException("the TLS library " + resource + " is not on the class path");
                }
                Path directory = Files.createTempDirectory("exeat-tls-");
                Path file = directory.resolve(name);
                try {
                    Files.copy(library, file, StandardCopyOption.REPLACE_EXISTING);
                    System.load(file.toString());
                } finally {
                    // The mapping outlives the name.
                    Files.deleteIfExists(file);
                    Files.delete(directory);
                }
            }
        }
    }

    static void require() {
        if (!Loaded.DONE) {
            throw new IllegalStateException("the TLS library did not initialize");
        }
    }
}
