package dev.exeat.control;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.exeat.control.manifest.ManifestReader;
import dev.exeat.model.Cidr;
import dev.exeat.model.InvalidNameException;
import dev.exeat.model.Node;
import dev.exeat.policy.ProviderSpec;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Fetches one list and reads its entries as Mixer does: the lines of the body, not trimmed, without empty ones; for
 * addresses the items under the key {@code whitelist} of a YAML document. One bad entry refuses the whole list.
 */
final class ListFetcher {
    static final int MAX_BYTES = 1024 * 1024;
    private static final Duration DEADLINE = Duration.ofSeconds(5);
    private static final int MAX_PATTERN = 1024;

    private final Supplier<HttpClient> client;
    private final Duration deadline;

    ListFetcher(Supplier<HttpClient> client) {
        this(client, DEADLINE);
    }

    /** @param deadline for a fetch as a whole */
    ListFetcher(Supplier<HttpClient> client, Duration deadline) {
        this.client = client;
        this.deadline = deadline;
    }

    List<String> fetch(ProviderSpec spec) throws ListFetchException, InterruptedException {
        byte[] body = body(request(spec.url()));
        return switch (spec.entryType()) {
            case IP_ADDRESSES -> addresses(spec.url(), body);
            case REGEX -> patterns(lines(body));
            case STRINGS, CASE_INSENSITIVE_STRINGS -> lines(body);
        };
    }

    private HttpRequest request(String url) throws ListFetchException {
        try {
            URI uri = URI.create(url);
            return HttpRequest.newBuilder(uri).timeout(deadline).GET().build();
        } catch (IllegalArgumentException e) {
            throw new ListFetchException("the URL is none that can be fetched: " + e.getMessage());
        }
    }

    private byte[] body(HttpRequest request) throws ListFetchException, InterruptedException {
        CompletableFuture<HttpResponse<byte[]>> answer =
                client.get().sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_BYTES));
        try {
            HttpResponse<byte[]> response = answer.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
            if (response.statusCode() != 200) {
                throw new ListFetchException("the server answered with status " + response.statusCode());
            }
            return response.body();
        } catch (TimeoutException e) {
            throw new ListFetchException("the server did not answer in full within " + deadline.toMillis() + " ms");
        } catch (ExecutionException e) {
            throw new ListFetchException(String.valueOf(e.getCause()));
        } finally {
            answer.cancel(true);
        }
    }

    private static List<String> lines(byte[] body) throws ListFetchException {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
            List<String> lines = new ArrayList<>();
            for (String line : text.split("\n", -1)) {
                if (!line.isEmpty()) {
                    lines.add(line);
                }
            }
            return lines;
        } catch (CharacterCodingException e) {
            throw new ListFetchException("the list is not UTF-8");
        }
    }

    private static List<String> patterns(List<String> lines) throws ListFetchException {
        for (String line : lines) {
            try {
                if (line.length() > MAX_PATTERN) {
                    throw new ListFetchException("an expression is longer than " + MAX_PATTERN + " characters");
                }
                Pattern.compile(line);
            } catch (PatternSyntaxException e) {
                throw new ListFetchException("an entry is no regular expression: " + e.getMessage());
            }
        }
        return lines;
    }

    private static List<String> addresses(String url, byte[] body) throws ListFetchException {
        Node root = new ManifestReader()
                .readSingleDocument(url, body)
                .orElseThrow(() -> new ListFetchException("the list is no YAML document"));
        Node list = root instanceof Node.Mapping mapping ? mapping.get("whitelist") : null;
        if (!(list instanceof Node.Sequence items)) {
            throw new ListFetchException("the document has no list under the key whitelist");
        }
        List<String> entries = new ArrayList<>();
        for (Node item : items.items()) {
            if (!(item instanceof Node.Scalar scalar)) {
                throw new ListFetchException("an entry of the whitelist is no text");
            }
            try {
                Cidr.parse(scalar.text());
            } catch (InvalidNameException e) {
                throw new ListFetchException("an entry is neither an address nor a block: " + e.getMessage());
            }
            entries.add(scalar.text());
        }
        return entries;
    }
}
