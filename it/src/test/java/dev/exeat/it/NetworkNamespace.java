package dev.exeat.it;

import dev.exeat.testkit.BackgroundProcess;
import dev.exeat.testkit.Command;
import dev.exeat.testkit.CommandRun;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A network namespace with loopback, and a default route over an interface that leads nowhere: whatever is sent there
 * has left the machine, as far as the kernel knows. Needs root, nft, iproute2 and util-linux.
 */
final class NetworkNamespace implements AutoCloseable {
    /** A user without rights, whose traffic a test can tell from its servers'. */
    static final String USER = "65534";

    private static final String INTERFACES = """
            ip link set lo up &&
            ip link add out0 type veth peer name out1 &&
            ip link set out1 up &&
            ip addr add 10.1.1.1/24 dev out0 &&
            ip link set out0 up &&
            ip route add default via 10.1.1.254 &&
            { ip -6 addr add 2001:db8::1/64 dev out0 nodad && ip -6 route add default via 2001:db8::2 || true; } &&
            nft -f - <<'RULES'
            table inet watch {
              chain leaving {
                type filter hook postrouting priority 200; policy accept;
                oifname "out0" meta skuid 65534 counter
              }
            }
            RULES
            """;

    private final BackgroundProcess holder;

    private NetworkNamespace(BackgroundProcess holder) {
        this.holder = holder;
    }

    /** Whether one can be made here. */
    static boolean isPossible() {
        return List.of("unshare", "nsenter", "ip", "nft").stream().allMatch(tool -> Tools.find(tool) != null)
                && CommandRun.of("unshare", "-n", "sh", "-c", INTERFACES).exitCode() == 0;
    }

    static NetworkNamespace create() {
        BackgroundProcess holder = Command.of("unshare", "-n", "sh", "-c", "echo made >&2; exec sleep 600")
                .start();
        holder.awaitLine("made", Duration.ofSeconds(10));
        NetworkNamespace made = new NetworkNamespace(holder);
        CommandRun run = made.command("sh", "-c", INTERFACES).run();
        if (run.exitCode() != 0) {
            made.close();
            throw new IllegalStateException(run.toString());
        }
        return made;
    }

    /** The words before those of a program that shall run within. */
    List<String> words() {
        return List.of("nsenter", "-t", String.valueOf(holder.pid()), "-n");
    }

    Command command(String... words) {
        return Command.of(words()).with(words);
    }

    /** The same as {@link #USER}. */
    Command commandOfUser(String... words) {
        List<String> all = new ArrayList<>(words());
        all.addAll(List.of("-S", USER, "-G", USER));
        return Command.of(all).with(words);
    }

    /** What nft says of the packets of {@link #USER} that have left. */
    String left() {
        return command("nft", "list", "table", "inet", "watch").run().stdout();
    }

    @Override
    public void close() {
        holder.close();
    }
}
