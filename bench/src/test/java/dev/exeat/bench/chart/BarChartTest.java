package dev.exeat.bench.chart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.bench.result.Spread;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class BarChartTest {
    private static Document parse(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void is_well_formed_whatever_the_names_are() throws Exception {
        String svg = new BarChart("a < b & \"c\"", "µs", List.of(new BarChart.Bar("<x>", Spread.of(1), false))).svg();

        assertThat(parse(svg).getElementsByTagName("title").item(0).getTextContent())
                .isEqualTo("a < b & \"c\"");
    }

    @Test
    void bars_are_as_long_as_their_medians() throws Exception {
        BarChart chart = new BarChart(
                "t",
                "µs",
                List.of(
                        new BarChart.Bar("one", Spread.of(10, 10, 10), true),
                        new BarChart.Bar("two", Spread.of(20, 20, 40), false)));

        NodeList bars = parse(chart.svg()).getElementsByTagName("rect");
        double one = width(bars, 1);
        double two = width(bars, 2);
        assertThat(one).isPositive();
        assertThat(two).isCloseTo(2 * one, org.assertj.core.data.Offset.offset(0.2));
    }

    @Test
    void nothing_is_drawn_outside_when_a_difference_is_negative() throws Exception {
        BarChart chart = new BarChart("t", "µs", List.of(new BarChart.Bar("one", Spread.of(-5, -3, -1), true)));

        assertThat(width(parse(chart.svg()).getElementsByTagName("rect"), 1)).isZero();
    }

    /** The first is the background. */
    private static double width(NodeList bars, int index) {
        return Double.parseDouble(((Element) bars.item(index)).getAttribute("width"));
    }
}
