package dev.exeat.cli.setup;

/**
 * Rules as nft(8) reads them: a table of its own for IPv4 and IPv6, which one transaction replaces, so that there is no
 * moment with half of them, and nobody else's rules are touched.
 */
public final class NftRules {
    public static final String TABLE = "inet exeat_capture";

    private NftRules() {}

    /** The text that puts the rules in force, in place of those that are there. */
    public static String apply(CaptureRules rules) {
        String who = selector(rules);
        StringBuilder text = new StringBuilder(remove())
                .append("table ")
                .append(TABLE)
                .append(" {\n")
                .append("  chain capture {\n    type nat hook output priority -100; policy accept;\n");
        except(rules, text, "return");
        rule(text, who + "udp dport 53 counter redirect to :" + rules.dnsPort());
        rule(text, who + "tcp dport 53 counter redirect to :" + rules.dnsPort());
        rule(text, "fib daddr type local return");
        rule(text, who + "meta l4proto tcp counter redirect to :" + rules.transparentPort());
        text.append("  }\n  chain refuse {\n    type filter hook output priority 0; policy accept;\n");
        except(rules, text, "accept");
        rule(text, "fib daddr type local accept");
        rule(text, "ct direction reply accept");
        rule(text, "ct state related accept");
        rule(text, "icmpv6 type { nd-router-solicit, nd-neighbor-solicit, nd-neighbor-advert } accept");
        rule(text, who + "udp dport 443 counter reject with icmpx type port-unreachable");
        rule(text, who + "meta l4proto udp counter reject with icmpx type port-unreachable");
        rule(text, who + "meta l4proto tcp counter reject with tcp reset");
        rule(text, who + "counter reject with icmpx type admin-prohibited");
        return text.append("  }\n}\n").toString();
    }

    /** The text that takes them away; it does nothing where there are none. */
    public static String remove() {
        return "table " + TABLE + " {}\ndelete table " + TABLE + "\n";
    }

    private static void rule(StringBuilder text, String rule) {
        text.append("    ").append(rule).append('\n');
    }

    private static void except(CaptureRules rules, StringBuilder text, String verdict) {
        if (rules.proxyUser() != null) {
            rule(text, "meta skuid " + rules.proxyUser() + " " + verdict);
        }
    }

    private static String selector(CaptureRules rules) {
        if (rules.cgroup() != null) {
            return "socket cgroupv2 level " + rules.cgroupLevel() + " \"" + rules.cgroup() + "\" ";
        }
        return rules.users().isEmpty() ? "" : "meta skuid { " + String.join(", ", rules.users()) + " } ";
    }
}
