package dev.exeat.bench.chart;

import dev.exeat.bench.chart.Svg.Anchor;
import dev.exeat.bench.result.Spread;
import java.util.List;

/**
 * Bars from left to right, each a median, with a line from the smallest to the largest round.
 *
 * @param unit behind each figure
 */
public record BarChart(String title, String unit, List<Bar> bars) {
    private static final int WIDTH = 720;
    private static final int LEFT = 130;
    private static final int RIGHT = 190;
    private static final int TOP = 44;
    private static final int ROW = 28;
    private static final int THICK = 16;
    private static final String INK = "#1f2933";
    private static final String FAINT = "#7b8794";
    private static final String OWN = "#0b69a3";
    private static final String OTHER = "#b8c4ce";

    /** @param own whether it is what the chart is about */
    public record Bar(String name, Spread spread, boolean own) {}

    public String svg() {
        int height = TOP + bars.size() * ROW + 12;
        Svg svg = new Svg(WIDTH, height, title);
        svg.text(12, 24, Anchor.START, INK, title);
        double most = bars.stream().mapToDouble(bar -> bar.spread().max()).max().orElse(1);
        double scale = most > 0 ? (WIDTH - LEFT - RIGHT) / most : 0;
        int y = TOP;
        for (Bar bar : bars) {
            draw(svg, bar, y, scale);
            y += ROW;
        }
        return svg.document();
    }

    private void draw(Svg svg, Bar bar, int y, double scale) {
        Spread spread = bar.spread();
        double middle = y + THICK / 2.0;
        svg.text(LEFT - 10, middle + 5, Anchor.END, INK, bar.name());
        svg.bar(LEFT, y, Math.max(0, spread.median()) * scale, THICK, bar.own() ? OWN : OTHER);
        svg.stroke(
                LEFT + Math.max(0, spread.min()) * scale,
                middle,
                LEFT + Math.max(0, spread.max()) * scale,
                middle,
                FAINT);
        svg.text(
                LEFT + Math.max(0, spread.max()) * scale + 10,
                middle + 5,
                Anchor.START,
                INK,
                spread.text() + " " + unit);
    }
}
