package dev.exeat.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Properties;

/** What was built, from what, and on what it runs. */
record BuildInfo(String version, String commit) {
    private static final String RESOURCE = "build.properties";
    private static final String TLS_RESOURCE = "/META-INF/maven/io.netty/netty-tcnative-classes/pom.properties";

    static BuildInfo read() {
        Properties own = properties(RESOURCE);
        return new BuildInfo(own.getProperty("version", ""), own.getProperty("commit", ""));
    }

    private static Properties properties(String resource) {
        Properties properties = new Properties();
        try (InputStream in = BuildInfo.class.getResourceAsStream(resource)) {
            if (in != null) {
                properties.load(in);
            }
            return properties;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + resource + " of the program", e);
        }
    }

    List<String> lines() {
        return List.of(
                "exeat " + version + (commit.isEmpty() ? "" : " (" + commit + ")"),
                "JDK   " + System.getProperty("java.vm.version") + " " + System.getProperty("java.vendor"),
                "TLS   BoringSSL of netty-tcnative " + properties(TLS_RESOURCE).getProperty("version", "unknown"),
                "OS    " + System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"));
    }
}
