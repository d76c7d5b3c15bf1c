package dev.exeat.cli.setup;

import dev.exeat.model.InvalidNameException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whose traffic is captured, and where it goes. Names are checked here, because they become part of rules and scripts.
 *
 * @param users names or numbers of users whose traffic is captured; with no cgroup either, everybody's
 * @param cgroup path in the unified hierarchy (cgroup v2), or null
 * @param proxyUser whose traffic is never captured, or null; a proxy that sends from where everybody's traffic is captured
 *     needs one
 * @param transparentPort where TCP goes
 * @param dnsPort where questions for names go, over UDP and TCP
 */
public record CaptureRules(
        List<String> users,
        @Nullable String cgroup,
        @Nullable String proxyUser,
        int transparentPort,
        int dnsPort) {

    /** @throws InvalidNameException if a name is none, or if the proxy's own traffic would be captured */
    public CaptureRules {
        users = List.copyOf(users);
        users.forEach(CaptureRules::requireUser);
        if (proxyUser != null) {
            requireUser(proxyUser);
            if (users.contains(proxyUser)) {
                throw new InvalidNameException("the proxy's own user " + proxyUser + " can't be captured");
            }
        }
        if (cgroup != null) {
            requireCgroup(cgroup);
        }
        if (cgroup != null && !users.isEmpty()) {
            throw new InvalidNameException("give users or a cgroup, not both");
        }
    }

    /** For a network namespace into which no proxy sends anything. */
    public static CaptureRules ofAll(int transparentPort, int dnsPort) {
        return new CaptureRules(List.of(), null, null, transparentPort, dnsPort);
    }

    private static void requireUser(String user) {
        boolean number = user.length() <= 10 && user.chars().allMatch(c -> c >= '0' && c <= '9');
        boolean name = !user.isEmpty()
                && user.length() <= 32
                && (user.charAt(0) == '_' || (user.charAt(0) >= 'a' && user.charAt(0) <= 'z'))
                && user.chars().allMatch(CaptureRules::isNameCharacter);
        if (user.isEmpty() || !(number || name)) {
            throw new InvalidNameException("'" + user + "' is neither a user's name nor a number");
        }
    }

    private static boolean isNameCharacter(int c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
    }

    private static void requireCgroup(String path) {
        boolean plain = path.chars()
                .allMatch(c -> isNameCharacter(c) || (c >= 'A' && c <= 'Z') || c == '/' || c == '@' || c == ':');
        List<String> parts = List.of(path.split("/", -1));
        if (!plain || path.length() > 1024 || parts.stream().anyMatch(p -> p.isEmpty() || p.equals(".."))) {
            throw new InvalidNameException("'" + path + "' is no path of a cgroup, such as system.slice/app.service");
        }
    }

    /** How deep the cgroup lies. */
    int cgroupLevel() {
        return cgroup == null ? 0 : cgroup.split("/", -1).length;
    }
}
