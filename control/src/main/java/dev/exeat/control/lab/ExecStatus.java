package dev.exeat.control.lab;

import java.util.List;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** How a command ended, as clients read it. */
final class ExecStatus {
    private ExecStatus() {}

    static ObjectNode of(List<String> words, int exitCode) {
        ObjectNode status = JsonNodeFactory.instance.objectNode();
        status.putObject("metadata");
        if (exitCode == 0) {
            return status.put("status", "Success");
        }
        status.put("status", "Failure")
                .put(
                        "message",
                        "command terminated with non-zero exit code: error executing command " + words + ", exit code "
                                + exitCode)
                .put("reason", "NonZeroExitCode")
                .putObject("details")
                .putArray("causes")
                .addObject()
                .put("reason", "ExitCode")
                .put("message", Integer.toString(exitCode));
        return status;
    }
}
