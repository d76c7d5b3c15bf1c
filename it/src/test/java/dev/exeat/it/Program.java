package dev.exeat.it;

import dev.exeat.testkit.BackgroundProcess;
import dev.exeat.testkit.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The built program, run as users run it but for the launcher script, which has tests of its own. */
public final class Program {
    private static final Duration START = Duration.ofSeconds(60);
    private static final List<String> JVM = jvm();

    private Program() {}

    /** A command line of the program. */
    public static Command exeat(String... arguments) {
        return Command.of(words(arguments));
    }

    /** Its words, the path of Java first. */
    private static List<String> words(String... arguments) {
        List<String> words = new ArrayList<>(JVM);
        words.addAll(List.of(arguments));
        return words;
    }

    /**
     * Starts many and lets each live for seconds, for which one compiler is best; with {@code -Dexeat.compilers=both} they
     * are as the launcher starts a role, which lives long.
     */
    private static List<String> jvm() {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Path libraries =
                Path.of("..", "cli", "target", "exeat", "lib").toAbsolutePath().normalize();
        List<String> jvm = new ArrayList<>(List.of(
                java.toString(),
                "-XX:+UseSerialGC",
                "-Xms16m",
                "-XX:MetaspaceSize=64m",
                "-Xss256k",
                "-XX:+UseCompactObjectHeaders",
                "both".equals(System.getProperty("exeat.compilers"))
                        ? "-XX:+TieredCompilation"
                        : "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=deny",
                "-cp",
                libraries + "/*",
                "dev.exeat.cli.Main"));
        try {
            jvm.addAll(1, ClassCache.option(jvm, libraries));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return List.copyOf(jvm);
    }

    /** A role that runs until it is closed. */
    record Running(BackgroundProcess process, String ready) implements AutoCloseable {
        InetSocketAddress address(String key) {
            Matcher matcher = Pattern.compile("\"" + key + "\":\"127\\.0\\.0\\.1:(\\d+)\"")
                    .matcher(ready);
            if (!matcher.find()) {
                throw new IllegalStateException("no " + key + " in " + ready);
            }
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(matcher.group(1)));
        }

        /** {@code host:port}. */
        String at(String key) {
            InetSocketAddress address = address(key);
            return address.getAddress().getHostAddress() + ":" + address.getPort();
        }

        @Override
        public void close() {
            process.close();
        }
    }

    /** Starts a role and waits until it says that it is ready. */
    static Running start(String... arguments) {
        return start(exeat(arguments));
    }

    /** The same with variables in its environment. */
    static Running startWith(Map<String, String> environment, String... arguments) {
        return start(with(environment, exeat(arguments)));
    }

    /** The same with options of the JVM. */
    static Running startWith(List<String> jvm, String... arguments) {
        List<String> words = words(arguments);
        words.addAll(1, jvm);
        return start(Command.of(words));
    }

    /** The same with a limit that {@code ulimit} sets, such as {@code -n 256}. */
    static Running startUnder(String limit, String... arguments) {
        return start(Command.of("sh", "-c", "ulimit " + limit + "; exec \"$@\"", "sh")
                .with(words(arguments).toArray(String[]::new)));
    }

    /** The same behind the words of a program that starts others, such as nsenter(1). */
    static Running startWithin(List<String> before, String... arguments) {
        return start(exeatWithin(before, arguments));
    }

    /** The same with variables in its environment. */
    static Running startWithin(List<String> before, Map<String, String> environment, String... arguments) {
        return start(with(environment, exeatWithin(before, arguments)));
    }

    private static Command with(Map<String, String> environment, Command command) {
        Command all = command;
        for (var variable : environment.entrySet()) {
            all = all.env(variable.getKey(), variable.getValue());
        }
        return all;
    }

    /** A command line of the program, behind such words. */
    static Command exeatWithin(List<String> before, String... arguments) {
        return Command.of(before).with(words(arguments).toArray(String[]::new));
    }

    private static Running start(Command command) {
        BackgroundProcess process = command.start();
        try {
            return new Running(
                    process, process.awaitLine("ready \\{.*\\}", START).group());
        } catch (RuntimeException | Error e) {
            process.close();
            throw e;
        }
    }

    static void write(Path file, String text) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
