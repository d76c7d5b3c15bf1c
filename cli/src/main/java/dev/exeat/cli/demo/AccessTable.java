package dev.exeat.cli.demo;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** Who reaches what, asked anew of every pair, against what the policy by service account says. */
final class AccessTable {
    private static final Map<String, Set<Site>> ALLOWED = Map.of(
            "sleep", Set.copyOf(Site.ALL),
            "sleep-us", Set.of(Site.ENGLISH, Site.SPANISH),
            "sleep-canada", Set.of(Site.ENGLISH, Site.FRENCH));
    private static final int NAME_WIDTH = 44;
    private static final int CELL_WIDTH = 10;

    private final Scene scene;
    private final Narrator narrator;

    AccessTable(Scene scene, Narrator narrator) {
        this.scene = scene;
        this.narrator = narrator;
    }

    void print(List<Workload> workloads) throws InterruptedException {
        narrator.chapter("Who reaches what");
        narrator.say("Every pair asked once more; sleep is named by no rule, and so not restricted.");
        narrator.line("");
        StringBuilder header = new StringBuilder("  ").append(padded("", NAME_WIDTH));
        Site.ALL.forEach(site -> header.append(padded(site.language(), CELL_WIDTH)));
        narrator.line(header.toString().stripTrailing());
        boolean asExpected = true;
        for (Workload workload : workloads) {
            Set<Site> allowed = ALLOWED.getOrDefault(workload.name(), Set.of());
            StringBuilder row = new StringBuilder("  ").append(padded(workload.principal(), NAME_WIDTH));
            for (Site site : Site.ALL) {
                boolean reached = scene.reaches(workload, site);
                boolean right = reached == allowed.contains(site);
                asExpected &= right;
                row.append(cell(reached, right));
            }
            narrator.line(row.toString().stripTrailing());
        }
        narrator.line("");
        narrator.expected("sleep all, sleep-us en and es, sleep-canada en and fr", asExpected);
    }

    private String cell(boolean reached, boolean right) {
        String text = (reached ? "reached" : "denied") + (right ? "" : "!");
        String padding = " ".repeat(CELL_WIDTH - text.length());
        return (reached ? narrator.good(text) : narrator.bad(text)) + padding;
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(Math.max(1, width - text.length()));
    }
}
