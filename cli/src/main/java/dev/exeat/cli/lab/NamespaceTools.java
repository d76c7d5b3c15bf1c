package dev.exeat.cli.lab;

import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The programs of this machine with which pods become namespaces, each by its whole path.
 *
 * @param path where programs that administer a machine are, too
 * @param nft whether rules are nft's, or those of iptables
 */
record NamespaceTools(String unshare, String nsenter, String setpriv, String path, boolean nft) {
    private static final String SYSTEM = "/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin";

    /** As many as a cluster's pods have that its administrator left as they were. */
    private static final String CAPABILITIES =
            "-all,+chown,+dac_override,+fowner,+fsetid,+kill,+setgid,+setuid,+setpcap,"
                    + "+net_bind_service,+net_raw,+sys_chroot,+mknod,+audit_write,+setfcap";

    /** What was found, or why that is not enough. */
    record Search(@Nullable NamespaceTools found, String missing) {}

    static Search search(Map<String, String> environment) {
        String path = environment.getOrDefault("PATH", "") + ":" + SYSTEM;
        List<String> missing = new ArrayList<>();
        String unshare = find("unshare", path, missing);
        String nsenter = find("nsenter", path, missing);
        String setpriv = find("setpriv", path, missing);
        find("ip", path, missing);
        boolean nft = !find("nft", path, new ArrayList<>()).isEmpty();
        if (!nft) {
            find("iptables-restore", path, missing);
        }
        return missing.isEmpty()
                ? new Search(new NamespaceTools(unshare, nsenter, setpriv, path, nft), "")
                : new Search(null, "this machine has no " + String.join(", no ", missing));
    }

    private static String find(String program, String path, List<String> missing) {
        for (String place : path.split(":", -1)) {
            File file = new File(place, program);
            if (place.startsWith("/") && file.isFile() && file.canExecute()) {
                return file.getPath();
            }
        }
        missing.add(program);
        return "";
    }

    /**
     * A program that runs in the namespaces of a process.
     *
     * @param directory in which it is
     */
    List<String> entering(long pid, String directory, List<String> program) {
        List<String> words = new ArrayList<>(List.of(nsenter, "-t", Long.toString(pid), "-n", "-m", "-u", "-i", "-p"));
        words.addAll(List.of("/bin/sh", "-c", "cd \"$0\" && exec \"$@\"", directory));
        words.addAll(List.of(setpriv, "--inh-caps=-all", "--bounding-set=" + CAPABILITIES));
        words.addAll(program);
        return words;
    }

    /** The words before those of a program that runs in new namespaces of each kind that a pod has. */
    List<String> isolating() {
        return List.of(
                unshare, "--net", "--mount", "--uts", "--ipc", "--pid", "--fork", "--kill-child", "--mount-proc");
    }
}
