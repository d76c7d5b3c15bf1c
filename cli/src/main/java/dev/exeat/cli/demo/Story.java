package dev.exeat.cli.demo;

import static dev.exeat.cli.demo.Site.ENGLISH;
import static dev.exeat.cli.demo.Site.FRENCH;
import static dev.exeat.cli.demo.Site.GERMAN;
import static dev.exeat.cli.demo.Site.SPANISH;

import java.util.List;
import java.util.Map;

/** The story, in the order in which it is told. */
final class Story {
    private static final String LOGGING = "samples/sleep/telemetry/sni-logging.yaml";
    private static final String BLOCK_ENGLISH = "samples/sleep/policy/sni-wikipedia.yaml";
    private static final String BY_ACCOUNT = "samples/sleep/policy/sni-serviceaccount.yaml";

    private final Scene scene;

    Story(Scene scene) {
        this.scene = scene;
    }

    /** @return the three workloads, for the table of who reaches what */
    List<Workload> tell() throws InterruptedException {
        Workload sleep = setTheStage();
        whoGoesWhere(sleep);
        blockOneSite(sleep);
        scene.chapter("Clean-up of logging and policy");
        scene.withdraw("sni-logging.yaml", "no log entries any more");
        scene.withdraw("sni-wikipedia.yaml", "en.wikipedia.org is open again");
        List<Workload> others = moreIdentities();
        Workload us = others.get(0);
        Workload canada = others.get(1);
        logWithIdentities(us);
        policyByIdentity(us, canada);
        whyItWasDenied(us);
        return List.of(sleep, us, canada);
    }

    void cleanUp(List<Workload> all) throws InterruptedException {
        scene.chapter("Clean-up");
        scene.withdraw("sni-logging.yaml", "no log entries any more");
        scene.withdraw("sni-serviceaccount.yaml", "sleep-us reaches de.wikipedia.org again");
        Workload us = all.get(1);
        scene.titles(us, List.of(GERMAN), List.of(GERMAN));
        scene.endAll();
    }

    private Workload setTheStage() throws InterruptedException {
        scene.chapter("The stage: a gateway, and a workload with an identity");
        scene.say("Wikipedia becomes a known host, and sleep a service account that can have an identity.");
        scene.command("cp samples/wikipedia/serviceentry.yaml samples/sleep/sleep.yaml manifests/", "both in place");
        scene.say("The embedded default: certificate authority, resource API and gateway in one process.");
        scene.startGateway();
        scene.say("The workload sleep: a token for its service account, and its own proxy in front of the gateway.");
        return scene.startWorkload("sleep", "alert");
    }

    private void whoGoesWhere(Workload sleep) throws InterruptedException {
        scene.chapter("Log entries: who goes where");
        scene.apply(LOGGING, "a line for every connection that goes out");
        scene.titles(sleep, List.of(ENGLISH, GERMAN), List.of(ENGLISH, GERMAN));
        scene.logLines(sleep, List.of(ENGLISH, GERMAN));
    }

    private void blockOneSite(Workload sleep) throws InterruptedException {
        scene.chapter("A policy: all of Wikipedia, except in English");
        scene.apply(BLOCK_ENGLISH, "nobody reaches en.wikipedia.org");
        scene.say("The same request, and curl's own account of it. The proxy of sleep runs with --on-deny alert:"
                + "\nthe application's TLS handshake is refused with an alert, as a sidecar's client would see it.");
        scene.curl(
                sleep,
                "curl -sS -o /dev/null " + ENGLISH.url(),
                Expectation.exitCode(35, "the TLS handshake fails at once"));
        scene.titles(sleep, List.of(SPANISH, GERMAN), List.of(SPANISH, GERMAN));
        scene.say("The log has the two that went out, and none that was denied.");
        scene.logLines(sleep, List.of(SPANISH, GERMAN));
    }

    private List<Workload> moreIdentities() throws InterruptedException {
        scene.chapter("Two more workloads, each with an identity of its own");
        for (String name : List.of("sleep-us", "sleep-canada")) {
            scene.command(
                    "sed 's/: sleep/: " + name + "/g' samples/sleep/sleep.yaml > manifests/" + name + ".yaml",
                    "the service account " + name + " exists");
        }
        scene.say("Their proxies run with the default, --on-deny http: a denied CONNECT gets status 403.");
        return List.of(scene.startWorkload("sleep-us", "http"), scene.startWorkload("sleep-canada", "http"));
    }

    private void logWithIdentities(Workload us) throws InterruptedException {
        scene.chapter("Log entries again: now with identities that differ");
        scene.apply(LOGGING, "a line for every connection that goes out");
        scene.titles(us, Site.ALL, Site.ALL);
        scene.say("Note sourcePrincipal: it is of the verified certificate, whatever the application says.");
        scene.logLines(us, Site.ALL);
    }

    private void policyByIdentity(Workload us, Workload canada) throws InterruptedException {
        scene.chapter("A policy by identity: sleep-us en and es, sleep-canada en and fr");
        scene.apply(BY_ACCOUNT, "each service account has its own list");
        scene.titles(us, Site.ALL, List.of(ENGLISH, SPANISH));
        scene.logLines(us, List.of(ENGLISH, SPANISH));
        scene.titles(canada, Site.ALL, List.of(ENGLISH, FRENCH));
        scene.logLines(canada, List.of(ENGLISH, FRENCH));
    }

    private void whyItWasDenied(Workload us) throws InterruptedException {
        scene.chapter("Why was it denied?");
        scene.say("An application sees at its proxy that it was denied.");
        scene.curl(
                us,
                "curl -sS -o /dev/null " + GERMAN.url(),
                new Expectation(
                        "exit code 56, and status 403 in curl's words",
                        result -> result.exitCode() == 56 && result.mentions("403")));
        scene.say("The body of that 403 says why, and what to do. curl hides it, so ask for it as a plain request.");
        scene.command(
                "curl -sS -X CONNECT --request-target " + GERMAN.host() + ":443 -H 'Host: " + GERMAN.host()
                        + ":443' http://" + us.proxy() + "/",
                Map.of(),
                new Expectation(
                        "a reason and the rule that denied it",
                        result -> result.mentions("policy_denied") && result.mentions("us-wikipedia-checker")));
    }
}
