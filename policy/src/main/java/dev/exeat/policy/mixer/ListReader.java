package dev.exeat.policy.mixer;

import dev.exeat.policy.EntryType;
import dev.exeat.policy.ProviderSpec;
import dev.exeat.policy.cexl.GoDuration;
import dev.exeat.policy.manifest.Field;
import dev.exeat.policy.manifest.Fields;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the parameters of a {@code listchecker}, with the validation texts of Mixer's. */
final class ListReader {
    private static final Duration DEFAULT_REFRESH = Duration.ofMinutes(1);
    private static final Duration DEFAULT_TTL = Duration.ofMinutes(5);

    private final Fields params;
    private EntryType entryType = EntryType.STRINGS;

    private ListReader(Fields params) {
        this.params = params;
    }

    static HandlerConfig read(Fields params) {
        return new ListReader(params).read();
    }

    private HandlerConfig read() {
        entryType = EntryType.valueOf(params.enumerated("entry_type", HandlerReader.ENTRY_TYPES, "STRINGS"));
        boolean blacklist = params.bool("blacklist", false);
        List<String> overrides = overrides(blacklist);
        ProviderSpec provider = provider();
        checkCaching();
        params.done();
        if (overrides.isEmpty() && provider == null) {
            params.findings()
                    .warning(
                            "empty-list",
                            params.place(),
                            params.path("overrides"),
                            blacklist
                                    ? "the list is empty, so it denies nothing"
                                    : "the list is empty, so it denies everything",
                            "add overrides or a providerUrl");
        }
        return new HandlerConfig.ListCheck(overrides, entryType, blacklist, provider);
    }

    private List<String> overrides(boolean blacklist) {
        List<String> overrides = new ArrayList<>();
        for (Field item : params.items("overrides")) {
            String entry = params.text(item);
            if (entry == null || entry.isEmpty()) {
                continue;
            }
            String problem = EntryList.problemWith(entryType, entry);
            if (problem != null) {
                String what = entryType == EntryType.REGEX ? "regex" : "ip address";
                params.findings()
                        .error(
                                "invalid-entry",
                                item.place(),
                                item.path(),
                                "could not parse " + what + " override " + entry + ": " + problem,
                                "");
            } else {
                overrides.add(entry);
                lint(item, entry, blacklist);
            }
        }
        if (entryType == EntryType.REGEX && overrides.size() > EntryList.MAX_PATTERNS) {
            params.findings()
                    .error(
                            "too-many-entries",
                            params.place("overrides"),
                            params.path("overrides"),
                            "more than " + EntryList.MAX_PATTERNS + " regular expressions",
                            "list the names themselves with entryType: STRINGS");
        }
        return overrides;
    }

    /** What Mixer takes, but hardly as it was meant. */
    private void lint(Field item, String entry, boolean blacklist) {
        boolean strings = entryType == EntryType.STRINGS || entryType == EntryType.CASE_INSENSITIVE_STRINGS;
        if (strings && entry.indexOf('*') >= 0) {
            params.findings()
                    .warning(
                            "literal-star",
                            item.place(),
                            item.path(),
                            "the entry \"" + entry + "\" is a literal; lists of strings know no wildcards",
                            "for *.example.com use entryType: REGEX and ^[^.]+([.][^.]+)*[.]example[.]com$");
        }
        if (strings && entry.endsWith(".")) {
            params.findings()
                    .warning(
                            "trailing-dot",
                            item.place(),
                            item.path(),
                            "no server name ends in a dot, so none equals \"" + entry + "\"",
                            "write " + entry.substring(0, entry.length() - 1));
        }
        if (entryType == EntryType.REGEX && !blacklist && !(entry.startsWith("^") && entry.endsWith("$"))) {
            params.findings()
                    .warning(
                            "unanchored-regex",
                            item.place(),
                            item.path(),
                            "the pattern matches anywhere in a value, and so allows more than it says",
                            "write ^" + entry + "$");
        }
        if (entryType == EntryType.REGEX && hasBareDot(entry)) {
            params.findings()
                    .warning(
                            "unescaped-dot",
                            item.place(),
                            item.path(),
                            "an unescaped dot in \"" + entry + "\" matches any character",
                            "write \\. for a dot");
        }
    }

    private static boolean hasBareDot(String pattern) {
        boolean inClass = false;
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '[') {
                inClass = true;
            } else if (c == ']') {
                inClass = false;
            } else if (c == '.' && !inClass) {
                boolean counted = i + 1 < pattern.length() && "*+?{".indexOf(pattern.charAt(i + 1)) >= 0;
                if (!counted) {
                    return true;
                }
            }
        }
        return false;
    }

    private @Nullable ProviderSpec provider() {
        Duration refresh = params.duration("refresh_interval", DEFAULT_REFRESH);
        Duration ttl = params.duration("ttl", DEFAULT_TTL);
        String url = params.text("provider_url");
        if (url == null || url.isEmpty()) {
            return null;
        }
        checkUrl(url);
        if (refresh.compareTo(Duration.ofSeconds(1)) < 0) {
            invalid(
                    "refresh_interval",
                    "refresh interval must be at least 1 second, it is " + GoDuration.format(refresh));
        }
        if (ttl.compareTo(refresh) < 0) {
            invalid(
                    "ttl",
                    "ttl must be > refreshInterval, ttl is " + GoDuration.format(ttl) + " and refreshInterval is "
                            + GoDuration.format(refresh));
        }
        return new ProviderSpec(url, refresh, ttl, entryType);
    }

    private void checkUrl(String url) {
        try {
            URI uri = new URI(url);
            if (uri.getScheme() == null || uri.getHost() == null) {
                invalid("provider_url", "URL scheme and host cannot be empty");
            } else if (!uri.getScheme().equals("http") && !uri.getScheme().equals("https")) {
                invalid("provider_url", "the URL's scheme must be http or https");
            }
        } catch (URISyntaxException e) {
            invalid("provider_url", "could not parse the URL: " + e.getReason());
        }
    }

    private void checkCaching() {
        Duration interval = params.duration("caching_interval", Duration.ofMinutes(5));
        if (interval.isNegative()) {
            invalid("caching_interval", "caching interval must be >= 0, it is " + GoDuration.format(interval));
        }
        long uses = params.number("caching_use_count", 10_000);
        if (uses < 0) {
            invalid("caching_use_count", "caching use count must be >= 0, it is " + uses);
        }
    }

    private void invalid(String name, String message) {
        Field field = params.find(name);
        params.findings()
                .error(
                        "invalid-value",
                        params.place(name),
                        field == null ? params.path(name) : field.path(),
                        message,
                        "");
    }
}
