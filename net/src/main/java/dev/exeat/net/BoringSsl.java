package dev.exeat.net;

import io.netty.internal.tcnative.Library;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Loads BoringSSL, which stands as a native library within the jar of netty-tcnative, once in the life of the process. */
final class BoringSsl {

    private BoringSsl() {}

    /** Loads on first use, by the rule that a class is initialized once. */
    private static final class Loaded {
        static final boolean DONE = load();

        private static boolean load() {
            String processor = Kernel.ARCHITECTURE.equals(Architecture.X86_64) ? "x86_64" : "aarch_64";
            String resource = "/META-INF/native/libnetty_tcnative_linux_" + processor + ".so";
            try (InputStream library = BoringSsl.class.getResourceAsStream(resource)) {
                if (library == null) {
                    throw new IllegalStateException("the TLS library " + resource + " is not on the class path");
                }
                // The library tells by the name of its file under which names its functions are to be found.
                Path directory = Files.createTempDirectory("exeat-tls-");
                Path file = directory.resolve("libnetty_tcnative_linux_" + processor + ".so");
                try {
                    Files.copy(library, file, StandardCopyOption.REPLACE_EXISTING);
                    System.load(file.toString());
                } finally {
                    // The mapping outlives the name.
                    Files.deleteIfExists(file);
                    Files.delete(directory);
                }
                return Library.initialize("provided", null);
            } catch (IOException e) {
                throw new IllegalStateException("the TLS library could not be written to the temporary directory", e);
            } catch (Exception e) {
                throw new IllegalStateException("the TLS library could not be initialized", e);
            }
        }
    }

    static void require() {
        if (!Loaded.DONE) {
            throw new IllegalStateException("the TLS library did not initialize");
        }
    }
}
