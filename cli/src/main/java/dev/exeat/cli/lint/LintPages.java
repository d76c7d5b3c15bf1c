package dev.exeat.cli.lint;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the documentation says of each code: the sections of {@code docs/lint.md}, which the program brings. */
public final class LintPages {
    private static final String PAGE = "lint.md";
    private static final String HEADING = "### ";

    private final Map<String, String> sections = new LinkedHashMap<>();

    private LintPages(String page) {
        int start = page.indexOf("\n" + HEADING);
        while (start >= 0) {
            int next = page.indexOf("\n" + HEADING, start + 1);
            int chapter = page.indexOf("\n## ", start + 1);
            int end = next < 0 ? page.length() : next;
            end = chapter >= 0 && chapter < end ? chapter : end;
            int line = page.indexOf('\n', start + 1);
            String code = page.substring(start + 1 + HEADING.length(), line).strip();
            sections.put(code, page.substring(line, end).strip());
            start = next;
        }
    }

    static LintPages bundled() {
        try (InputStream stream = LintPages.class.getResourceAsStream(PAGE)) {
            if (stream == null) {
                throw new IllegalStateException("the program lacks its resource " + PAGE);
            }
            return parse(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("the program's resource " + PAGE + " cannot be read", e);
        }
    }

    /** @param page in Markdown, with a heading of the third level for each code */
    public static LintPages parse(String page) {
        return new LintPages(page);
    }

    public Set<String> codes() {
        return sections.keySet();
    }

    /** The text below the heading of a code; null where there is none. */
    @Nullable
    String section(String code) {
        return sections.get(code);
    }

    /** The first paragraph on one line; empty where there is no section. */
    String summary(String code) {
        String section = sections.getOrDefault(code, "");
        int end = section.indexOf("\n\n");
        return (end < 0 ? section : section.substring(0, end)).replace('\n', ' ');
    }

    /** Where the section stands in the documentation. */
    static String link(String code) {
        return "docs/lint.md#" + code;
    }
}
