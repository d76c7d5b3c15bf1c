package dev.exeat.cli.lab;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A program whose streams are pipes. */
final class PipeCommand extends ProcessCommand {
    private final InputStream out;
    private final InputStream err;
    private final OutputStream in;

    private PipeCommand(Process process) {
        super(process);
        this.out = process.getInputStream();
        this.err = process.getErrorStream();
        this.in = process.getOutputStream();
    }

    static PipeCommand start(List<String> words, Map<String, String> environment, Path directory) throws IOException {
        return new PipeCommand(builder(words, environment, directory).start());
    }

    @Override
    public int readOutput(byte[] buffer) throws IOException {
        return out.read(buffer);
    }

    @Override
    public int readError(byte[] buffer) throws IOException {
        return err.read(buffer);
    }

    @Override
    public void write(byte[] input) throws IOException {
        in.write(input);
        in.flush();
    }

    @Override
    public void endInput() throws IOException {
        in.close();
    }

    @Override
    public void resize(int columns, int rows) {
        // There is no terminal.
    }

    @Override
    public void finish() {
        // A pipe ends when the last program that has it ends; a read cannot be called off.
    }
}
