package dev.exeat.bench.chart;

import java.util.Locale;

/** Writes the few shapes that charts need, in text that any reader of SVG 1.1 shows. Not thread-safe. */
public final class Svg {
    /** Where a text's point is. */
    public enum Anchor {
        START,
        MIDDLE,
        END
    }

    private final StringBuilder out = new StringBuilder();

    /** The title is what screen readers say. */
    public Svg(int width, int height, String title) {
        out.append(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" role=\"img\""
                        .formatted(width, height, width, height));
        out.append(" font-family=\"system-ui, sans-serif\" font-size=\"13\">\n");
        out.append("<title>").append(escaped(title)).append("</title>\n");
        // Readable on dark pages too.
        out.append("<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n");
    }

    public void bar(double x, double y, double width, double height, String colour) {
        out.append("<rect x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" fill=\"%s\"/>\n"
                .formatted(number(x), number(y), number(width), number(height), escaped(colour)));
    }

    public void stroke(double x1, double y1, double x2, double y2, String colour) {
        out.append("<line x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\" stroke=\"%s\"/>\n"
                .formatted(number(x1), number(y1), number(x2), number(y2), escaped(colour)));
    }

    public void text(double x, double y, Anchor anchor, String colour, String text) {
        out.append("<text x=\"%s\" y=\"%s\" text-anchor=\"%s\" fill=\"%s\">%s</text>\n"
                .formatted(
                        number(x), number(y), anchor.name().toLowerCase(Locale.ROOT), escaped(colour), escaped(text)));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    /** The whole document. */
    public String document() {
        return out + "</svg>\n";
    }
}
