package dev.exeat.cli.lab;

import dev.exeat.cli.settings.LabPods;
import dev.exeat.net.ProcessImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a process whose user is not root one of a user namespace of its own, where its user is (user_namespaces(7)): there
 * it may make the namespaces of pods. Outside it may do what it could before. A program of several threads can't enter
 * a user namespace, so it is started anew in one, with the same words and the same number.
 */
public final class OwnRoot {
    private static final Logger LOG = LoggerFactory.getLogger(OwnRoot.class);
    private static final int CAP_SYS_ADMIN = 21;
    /** In the words of the program that was started anew, so that it is not again. */
    private static final String DONE = "-Dexeat.lab.own-root=true";

    private OwnRoot() {}

    /** Returns where that is not needed or not possible. To be called before the process has anything to lose. */
    public static void become(LabPods pods, Map<String, String> environment) {
        if (pods == LabPods.PROCESS || isAdministrator()) {
            return;
        }
        try {
            List<String> words = new ArrayList<>(
                    List.of(Files.readString(Path.of("/proc/self/cmdline")).split("\0", -1)));
            words.removeLast();
            NamespaceTools tools = NamespaceTools.search(environment).found();
            if (tools == null || words.contains(DONE)) {
                return;
            }
            List<String> before = List.of(tools.unshare(), "--user", "--map-root-user");
            if (NamespaceProbe.makeAsOwnRoot(environment, before).tools() == null) {
                return;
            }
            words.set(0, Path.of("/proc/self/exe").toRealPath().toString());
            words.add(1, DONE);
            words.addAll(0, before);
            ProcessImage.replace(words, environment);
        } catch (IOException e) {
            LOG.atDebug().setCause(e).log("no user namespace of its own");
        }
    }

    private static boolean isAdministrator() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/status"), StandardCharsets.UTF_8)) {
                if (line.startsWith("CapEff:")) {
                    String mask = line.substring(line.indexOf(':') + 1).strip();
                    return (Long.parseUnsignedLong(mask, 16) >> CAP_SYS_ADMIN & 1) == 1;
                }
            }
        } catch (IOException | NumberFormatException e) {
            LOG.atDebug().setCause(e).log("the capabilities of this process can't be read");
        }
        return true;
    }
}
