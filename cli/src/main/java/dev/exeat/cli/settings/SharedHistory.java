package dev.exeat.cli.settings;

import dev.exeat.flow.store.FlowStore;
import dev.exeat.flow.store.FlowStoreException;
import dev.exeat.flow.store.PostgresAddress;
import dev.exeat.flow.store.PostgresFlows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A history in a database.
 *
 * @param passwordFile read at each connect, so that a password can be changed
 * @param password where there is no file; empty for none
 */
public record SharedHistory(
        PostgresAddress address, @Nullable Path passwordFile, String password) {
    /** As PostgreSQL's own programs know it. */
    private static final String VARIABLE = "PGPASSWORD";

    public static SharedHistory of(
            PostgresAddress address, @Nullable Path passwordFile, Map<String, String> environment) {
        return new SharedHistory(address, passwordFile, environment.getOrDefault(VARIABLE, ""));
    }

    public FlowStore store() {
        return new PostgresFlows(address, this::read);
    }

    private @Nullable String read() {
        if (passwordFile == null) {
            return password.isEmpty() ? null : password;
        }
        try {
            return Files.readString(passwordFile).strip();
        } catch (IOException e) {
            throw new FlowStoreException("cannot read " + passwordFile + ", where the password of the history is", e);
        }
    }

    /** Without the password. */
    @Override
    public String toString() {
        return address.toString();
    }
}
