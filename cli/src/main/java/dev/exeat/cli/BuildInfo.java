package dev.exeat.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Properties;

/** What was built, from what, and on what it runs. */
record BuildInfo(String version, String commit) {
    private static final String RESOURCE = "build.properties";

    static BuildInfo read() {
        Properties properties = new Properties();
        try (InputStream in = BuildInfo.class.getResourceAsStream(RESOURCE)) {
            if (in != null) {
                properties.load(in);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + RESOURCE + " of the program", e);
        }
        return new BuildInfo(properties.getProperty("version", ""), properties.getProperty("commit", ""));
    }

    List<String> lines() {
        return List.of(
                "exeat " + version + (commit.isEmpty() ? "" : " (" + commit + ")"),
                "JDK   " + System.getProperty("java.vm.version") + " " + System.getProperty("java.vendor"),
                "OS    " + System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"));
    }
}
