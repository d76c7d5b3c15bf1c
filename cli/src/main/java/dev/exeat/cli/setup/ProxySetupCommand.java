package dev.exeat.cli.setup;

import dev.exeat.cli.CommandFailure;
import dev.exeat.cli.ExitCode;
import dev.exeat.model.InvalidNameException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code exeat proxy setup}. */
@Command(
        name = "setup",
        description = "Print or apply the kernel's rules that send a workload's traffic to its proxy.",
        footer = {
            "",
            "Give one of --user, --cgroup and --everybody. TCP goes to the proxy's --transparent, questions for names",
            "to its --dns; all other traffic is rejected at once. What stays on this machine is left alone.",
            "Prints text for 'nft -f -', or with --iptables a script for sh. Applying again replaces the rules.",
            "Exit code 0, 1 if the rules were refused, 3 if nft or sh is missing."
        })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class ProxySetupCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Option(
            names = "--user",
            paramLabel = "USER",
            split = ",",
            hideParamSyntax = true,
            description = "Capture what this user sends, by name or number. Repeatable.")
    private @Nullable List<String> users;

    @Option(
            names = "--cgroup",
            paramLabel = "PATH",
            description = "Capture what a cgroup (v2) sends, for example system.slice/app.service.")
    private @Nullable String cgroup;

    @Option(
            names = "--everybody",
            description = "Capture what everybody in this network namespace sends, but for --proxy-user.")
    private boolean everybody;

    @Option(
            names = "--proxy-user",
            paramLabel = "USER",
            description = "The user that the proxy runs as, whose traffic is never captured.")
    private @Nullable String proxyUser;

    @Option(
            names = "--transparent-port",
            paramLabel = "N",
            defaultValue = "10129",
            description = "The port of the proxy's --transparent (${DEFAULT-VALUE}).")
    private int transparentPort;

    @Option(
            names = "--dns-port",
            paramLabel = "N",
            defaultValue = "10053",
            description = "The port of the proxy's --dns (${DEFAULT-VALUE}).")
    private int dnsPort;

    @Option(names = "--iptables", description = "Rules for iptables and ip6tables instead of nftables.")
    private boolean iptables;

    @Option(names = "--apply", description = "Put the rules in force instead of printing them; needs root.")
    private boolean apply;

    @Option(names = "--remove", description = "Take the rules away: print how, or with --apply do it.")
    private boolean remove;

    @Override
    public Integer call() {
        String text = remove ? removal() : rules();
        if (apply) {
            run(iptables ? List.of("sh", "-s") : List.of("nft", "-f", "-"), text);
        } else {
            command.commandLine().getOut().print(text);
            command.commandLine().getOut().flush();
        }
        return ExitCode.OK;
    }

    private String removal() {
        return iptables ? IptablesScript.remove() : NftRules.remove();
    }

    private String rules() {
        int ways = (users == null ? 0 : 1) + (cgroup == null ? 0 : 1) + (everybody ? 1 : 0);
        if (ways != 1) {
            throw usage("whose traffic? Give one of --user, --cgroup and --everybody");
        }
        if (everybody && proxyUser == null) {
            throw usage("--everybody needs --proxy-user, or the proxy's own traffic would be captured");
        }
        requirePort(transparentPort);
        requirePort(dnsPort);
        try {
            CaptureRules rules =
                    new CaptureRules(users == null ? List.of() : users, cgroup, proxyUser, transparentPort, dnsPort);
            return iptables ? IptablesScript.apply(rules) : NftRules.apply(rules);
        } catch (InvalidNameException e) {
            throw usage(String.valueOf(e.getMessage()));
        }
    }

    private void requirePort(int port) {
        if (port < 1 || port > 65535) {
            throw usage("'" + port + "' is not a port (1 to 65535)");
        }
    }

    private ParameterException usage(String message) {
        return new ParameterException(command.commandLine(), message);
    }

    private static void run(List<String> words, String input) {
        try {
            Process process =
                    new ProcessBuilder(words).redirectErrorStream(true).start();
            try (var to = process.getOutputStream()) {
                to.write(input.getBytes(StandardCharsets.UTF_8));
            }
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (process.waitFor() != 0) {
                throw new CommandFailure(words.getFirst() + " refused the rules: " + said);
            }
        } catch (IOException e) {
            throw new CommandFailure(
                    ExitCode.UNKNOWN, words.getFirst() + " can't be run (" + e.getMessage() + "); is it installed?");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure("interrupted");
        }
    }
}
