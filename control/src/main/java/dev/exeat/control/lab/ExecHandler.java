package dev.exeat.control.lab;

import dev.exeat.control.kube.KubeException;
import dev.exeat.control.kube.Subresource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.server.ServerUpgradeRequest;
import org.eclipse.jetty.websocket.server.ServerUpgradeResponse;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * Answers {@code pods/NAME/exec}: runs a command in a pod and carries its streams over a WebSocket, in the subprotocols
 * {@code v4.channel.k8s.io} and {@code v5.channel.k8s.io}.
 */
final class ExecHandler implements Subresource {
    private static final String V5 = "v5.channel.k8s.io";
    private static final String V4 = "v4.channel.k8s.io";
    private static final Logger LOG = LoggerFactory.getLogger(ExecHandler.class);
    private static final int MOST_COMMANDS = 64;

    private final PodFinder finder;
    private final Semaphore places = new Semaphore(MOST_COMMANDS);

    ExecHandler(PodFinder finder) {
        this.finder = finder;
    }

    @Override
    public void answer(Of object, Request request, Response response, Callback callback) {
        Query query = new Query(request);
        PodFinder.Found found = finder.find(object, query.text("container"));
        ExecSocket.Job job = job(query, found);
        requireWebSocket(request);
        if (!places.tryAcquire()) {
            throw KubeException.tooMany("there are too many commands at one time; try again later");
        }
        ExecSocket socket = new ExecSocket(job, places::release);
        boolean upgraded = false;
        try {
            Server server = request.getConnectionMetaData().getConnector().getServer();
            upgraded = ServerWebSocketContainer.ensure(server)
                    .upgrade((asked, answer, _) -> agreed(socket, asked, answer), request, response, callback);
        } finally {
            if (!upgraded || !socket.isToOpen()) {
                places.release();
            }
        }
        if (!upgraded) {
            throw KubeException.badRequest("the upgrade to WebSocket is not as RFC 6455 has it");
        }
        LOG.atInfo()
                .addKeyValue("pod", object.namespace() + "/" + object.name())
                .addKeyValue("command", job.command().words().getFirst())
                .log("a command runs in a pod");
    }

    private static ExecSocket.Job job(Query query, PodFinder.Found found) {
        List<String> words = query.all("command");
        if (words.isEmpty() || words.getFirst().isEmpty()) {
            throw KubeException.badRequest("you must specify at least 1 command for the container");
        }
        LivePod live = found.live();
        if (live != null && live.isStandIn()) {
            throw KubeException.badRequest(
                    "pod " + found.name() + " stands for a part of exeat up; no command can be run in it");
        }
        PodSandbox sandbox = live == null ? null : live.sandbox();
        if (live == null || sandbox == null) {
            throw KubeException.badRequest("pod " + found.name() + " does not run yet");
        }
        CommandLine command = new CommandLine(words, environment(found), query.flag("tty"));
        return new ExecSocket.Job(sandbox, command, query.flag("stdin"), live.log(found.container()));
    }

    /** The variables of the container that have a value of their own. */
    private static Map<String, String> environment(PodFinder.Found found) {
        Map<String, String> environment = new HashMap<>();
        for (JsonNode container : found.pod().at("/spec/containers")) {
            if (container.path("name").asString("").equals(found.container())) {
                for (JsonNode variable : container.path("env")) {
                    String name = variable.path("name").asString("");
                    if (!name.isEmpty()
                            && name.indexOf('=') < 0
                            && variable.path("value").isString()) {
                        environment.put(name, variable.path("value").asString(""));
                    }
                }
            }
        }
        return environment;
    }

    private static void requireWebSocket(Request request) {
        String upgrade = String.valueOf(request.getHeaders().get(HttpHeader.UPGRADE));
        if (upgrade.regionMatches(true, 0, "SPDY/", 0, 5)) {
            throw KubeException.badRequest(
                    "commands need a client that speaks WebSocket, such as kubectl 1.30 or newer; SPDY is not spoken");
        }
        if (!upgrade.equalsIgnoreCase("websocket")) {
            throw KubeException.badRequest("Upgrade request required");
        }
        List<String> protocols = request.getHeaders().getCSV(HttpHeader.SEC_WEBSOCKET_SUBPROTOCOL, false);
        if (!protocols.contains(V5) && !protocols.contains(V4)) {
            throw KubeException.badRequest("commands need the WebSocket subprotocol " + V5 + " or " + V4);
        }
    }

    private static ExecSocket agreed(ExecSocket socket, ServerUpgradeRequest asked, ServerUpgradeResponse answer) {
        answer.setAcceptedSubProtocol(asked.hasSubProtocol(V5) ? V5 : V4);
        socket.toOpen();
        return socket;
    }
}
