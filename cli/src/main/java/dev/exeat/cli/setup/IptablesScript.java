package dev.exeat.cli.setup;

import java.util.List;

/**
 * The same rules as {@link NftRules} for machines that have only iptables(8): a script for sh(1) with chains of our own,
 * each filled in one transaction before OUTPUT leads to it. Running it again changes nothing.
 */
public final class IptablesScript {
    private static final String NAT = "EXEAT_CAPTURE";
    private static final String FILTER = "EXEAT_REFUSE";

    private IptablesScript() {}

    /** The script that puts the rules in force, in place of those that are there. */
    public static String apply(CaptureRules rules) {
        return "set -e\n" + family(rules, "iptables", "icmp", "") + family(rules, "ip6tables", "icmp6", neighbours());
    }

    private static String family(CaptureRules rules, String tool, String icmp, String more) {
        StringBuilder text = new StringBuilder();
        text.append(tool)
                .append("-restore -w --noflush <<'RULES'\n*nat\n:")
                .append(NAT)
                .append(" - [0:0]\n");
        except(rules, text, NAT);
        for (String who : selectors(rules)) {
            for (String protocol : List.of("udp", "tcp")) {
                rule(text, NAT, who + "-p " + protocol + " --dport 53 -j REDIRECT --to-ports " + rules.dnsPort());
            }
        }
        rule(text, NAT, "-m addrtype --dst-type LOCAL -j RETURN");
        for (String who : selectors(rules)) {
            rule(text, NAT, who + "-p tcp -j REDIRECT --to-ports " + rules.transparentPort());
        }
        text.append("COMMIT\n*filter\n:").append(FILTER).append(" - [0:0]\n");
        except(rules, text, FILTER);
        rule(text, FILTER, "-m addrtype --dst-type LOCAL -j RETURN");
        rule(text, FILTER, "-m conntrack --ctdir REPLY -j RETURN");
        rule(text, FILTER, "-m conntrack --ctstate RELATED -j RETURN");
        text.append(more);
        for (String who : selectors(rules)) {
            String unreachable = " -j REJECT --reject-with " + icmp + "-port-unreachable";
            rule(text, FILTER, who + "-p udp --dport 443" + unreachable);
            rule(text, FILTER, who + "-p udp" + unreachable);
            rule(text, FILTER, who + "-p tcp -j REJECT --reject-with tcp-reset");
            rule(
                    text,
                    FILTER,
                    who + "-j REJECT --reject-with " + (icmp.equals("icmp") ? "icmp-admin" : "icmp6-adm")
                            + "-prohibited");
        }
        text.append("COMMIT\nRULES\n");
        for (String place : List.of("nat -C OUTPUT -j " + NAT, "filter -C OUTPUT -j " + FILTER)) {
            String insert = place.replace("-C OUTPUT", "-I OUTPUT 1");
            text.append(tool + " -w -t " + place + " 2>/dev/null || " + tool + " -w -t " + insert + "\n");
        }
        return text.toString();
    }

    /** Neighbour discovery (RFC 4861), which has no user. */
    private static String neighbours() {
        StringBuilder text = new StringBuilder();
        for (String type : List.of("router-solicitation", "neighbour-solicitation", "neighbour-advertisement")) {
            rule(text, FILTER, "-p ipv6-icmp --icmpv6-type " + type + " -j RETURN");
        }
        return text.toString();
    }

    /** The script that takes them away; it does nothing where there are none. */
    public static String remove() {
        StringBuilder text = new StringBuilder();
        for (String tool : List.of("iptables", "ip6tables")) {
            for (String place : List.of("nat " + NAT, "filter " + FILTER)) {
                String table = place.substring(0, place.indexOf(' '));
                String chain = place.substring(place.indexOf(' ') + 1);
                String call = tool + " -w -t " + table;
                text.append("while " + call + " -D OUTPUT -j " + chain + " 2>/dev/null; do :; done\n");
                text.append(call + " -F " + chain + " 2>/dev/null && " + call + " -X " + chain + "\n");
            }
        }
        return text.append("true\n").toString();
    }

    private static void rule(StringBuilder text, String chain, String rule) {
        text.append("-A ").append(chain).append(' ').append(rule).append('\n');
    }

    private static void except(CaptureRules rules, StringBuilder text, String chain) {
        if (rules.proxyUser() != null) {
            rule(text, chain, "-m owner --uid-owner " + rules.proxyUser() + " -j RETURN");
        }
    }

    private static List<String> selectors(CaptureRules rules) {
        if (rules.cgroup() != null) {
            return List.of("-m cgroup --path " + rules.cgroup() + " ");
        }
        return rules.users().isEmpty()
                ? List.of("")
                : rules.users().stream()
                        .map(user -> "-m owner --uid-owner " + user + " ")
                        .toList();
    }
}
