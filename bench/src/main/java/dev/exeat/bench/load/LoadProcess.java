package dev.exeat.bench.load;

import dev.exeat.bench.machine.OwnProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import tools.jackson.databind.ObjectMapper;

/** The process of the {@link Load}: a {@link Job} as JSON on each line of its input, an {@link Outcome} on each of its output. */
public final class LoadProcess {
    private LoadProcess() {}

    /** @param arguments the client's chain, its key and the roots, all PEM */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        PrintStream answers = OwnProcess.answers();
        ObjectMapper json = new ObjectMapper();
        Credentials credentials = new Credentials(Path.of(arguments[0]), Path.of(arguments[1]), Path.of(arguments[2]));
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (Load load = new Load(credentials)) {
            answers.println("ready");
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                answers.println(json.writeValueAsString(load.run(json.readValue(line, Job.class))));
            }
        }
    }
}
