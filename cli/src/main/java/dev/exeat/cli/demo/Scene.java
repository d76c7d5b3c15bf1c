package dev.exeat.cli.demo;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What can be done on the stage; each deed is told, carried out, and compared with what was expected. */
final class Scene {
    private final Stage stage;
    private final Narrator narrator;
    private final boolean online;
    private int linesSeen;
    private Map<String, String> gateway = Map.of();

    Scene(Stage stage, Narrator narrator, boolean online) {
        this.stage = stage;
        this.narrator = narrator;
        this.online = online;
    }

    void chapter(String title) {
        narrator.chapter(title);
    }

    void say(String text) {
        narrator.say(text);
    }

    void startGateway() throws InterruptedException {
        StringBuilder command = new StringBuilder("exeat up --compat mixer --data-dir gateway --manifests manifests");
        command.append(" \\\n      --tunnel 127.0.0.1:0 --api 127.0.0.1:0 --admin 127.0.0.1:0");
        stage.siteOptions().forEach(option -> command.append(" \\\n      ").append(option));
        narrator.command(command + " \\\n      > " + Stage.ACCESS_LOG + " 2> gateway.err &");
        gateway = stage.startGateway(command.toString());
        narrator.output(List.of(gateway.entrySet().stream()
                .map(entry -> entry.getKey() + " " + entry.getValue())
                .collect(Collectors.joining(", ", "ready: ", ""))));
        narrator.expected(
                "ready, with every address bound",
                gateway.keySet().containsAll(List.of("tunnel", "api", "admin"))
                        && gateway.values().stream().noneMatch(address -> address.endsWith(":0")));
    }

    Workload startWorkload(String name, String onDeny) throws InterruptedException {
        command("exeat token create " + name + " -n default --data-dir gateway > " + name + ".token", "a token");
        String command = "exeat proxy --server https://" + gateway.get("api")
                + " --ca-file gateway/bundle.pem --token-file " + name + ".token"
                + " \\\n      --gateway " + gateway.get("tunnel") + " --listen 127.0.0.1:0 --admin 127.0.0.1:0"
                + " --on-deny " + onDeny + " --ready-file " + name + ".ready.json";
        narrator.command(command + " 2> " + name + ".err &");
        Workload workload = stage.startProxy(name, command);
        narrator.output(List.of("ready: listen " + workload.proxy()));
        narrator.expected(
                "ready, with an identity from the gateway's authority",
                !workload.proxy().isEmpty());
        return workload;
    }

    /** Copies a sample to where the gateway watches, and waits until it is in force. */
    void apply(String sample, String effect) throws InterruptedException {
        changePolicy("cp " + sample + " manifests/", effect);
    }

    /** Takes a file from where the gateway watches, and waits until that is in force. */
    void withdraw(String file, String effect) throws InterruptedException {
        changePolicy("rm manifests/" + file, effect);
    }

    private void changePolicy(String command, String effect) throws InterruptedException {
        String before = stage.probe().policyDigest();
        narrator.line("");
        CommandResult result = show(command, Map.of());
        long began = System.nanoTime();
        boolean inForce = result.exitCode() == 0 && stage.awaitPolicyChange(before);
        long millis = (System.nanoTime() - began) / 1_000_000;
        narrator.expected(
                effect + (inForce ? " (in force after " : " (not in force after ") + millis + " ms)", inForce);
    }

    void command(String command, String effect) throws InterruptedException {
        command(command, Map.of(), Expectation.exitCode(0, effect));
    }

    void command(String command, Map<String, String> environment, Expectation expectation) throws InterruptedException {
        CommandResult result = show(command, environment);
        narrator.expected(expectation.text(), expectation.holds().test(result));
    }

    /** Runs a command as the workload would: with its proxy in the environment. */
    void curl(Workload workload, String command, Expectation expectation) throws InterruptedException {
        narrator.say("As " + workload.name() + ", whose environment has https_proxy=http://" + workload.proxy() + ":");
        command(command, workload.curlEnvironment(), expectation);
    }

    /** Asks for the pages' titles, one after the other, as the story does. */
    void titles(Workload workload, List<Site> asked, List<Site> allowed) throws InterruptedException {
        String command = asked.stream()
                .map(site -> "curl -s " + site.url() + " | grep -o \"<title>.*</title>\"")
                .collect(Collectors.joining("; \\\n    "));
        curl(workload, command, Expectation.titles(allowed, online));
    }

    /** The lines that came since the last look: these and no others, in this order. */
    void logLines(Workload workload, List<Site> sites) throws InterruptedException {
        stage.awaitLogLines(linesSeen + sites.size());
        List<String> all = stage.accessLog();
        List<String> fresh = all.subList(Math.min(linesSeen, all.size()), all.size());
        linesSeen = all.size();
        narrator.say("What the gateway's log says of it:");
        show("grep egress-access " + Stage.ACCESS_LOG + " | tail -n " + fresh.size(), Map.of());
        boolean holds = fresh.size() == sites.size();
        for (int i = 0; holds && i < sites.size(); i++) {
            holds = AccessLine.tells(fresh.get(i), workload, sites.get(i));
        }
        String names = sites.stream().map(Site::host).collect(Collectors.joining(", "));
        narrator.expected("one line each for " + names + ", with " + workload.principal(), holds);
    }

    /** Asks quietly whether a workload reaches a site. */
    boolean reaches(Workload workload, Site site) throws InterruptedException {
        CommandResult result = stage.shell()
                .run("curl -s -o /dev/null -w '%{http_code}' " + site.url(), new HashMap<>(workload.curlEnvironment()));
        return result.exitCode() == 0 && (result.mentions("200") || result.mentions("301"));
    }

    void endAll() throws InterruptedException {
        narrator.say("Ends the proxies and the gateway with SIGTERM.");
        List<CommandResult> results = stage.endRoles();
        results.forEach(result -> narrator.output(result.lines()));
        narrator.expected(
                "exit code 0 of all " + results.size(), results.stream().allMatch(result -> result.exitCode() == 0));
    }

    private CommandResult show(String command, Map<String, String> environment) throws InterruptedException {
        narrator.command(command);
        CommandResult result = stage.shell().run(command, environment);
        narrator.output(result.lines());
        narrator.exitCode(result.exitCode());
        return result;
    }
}
