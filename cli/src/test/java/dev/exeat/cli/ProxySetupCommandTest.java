package dev.exeat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProxySetupCommandTest {
    private static CliRun setup(String... flags) {
        String[] words = new String[flags.length + 2];
        words[0] = "proxy";
        words[1] = "setup";
        System.arraycopy(flags, 0, words, 2, flags.length);
        return CliRun.of(words);
    }

    @Test
    void prints_one_transaction_over_a_table_of_its_own() {
        CliRun run = setup("--user=app,1001", "--proxy-user=exeat", "--transparent-port=1", "--dns-port=2");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).isEqualTo("""
                table inet exeat_capture {}
                delete table inet exeat_capture
                table inet exeat_capture {
                  chain capture {
                    type nat hook output priority -100; policy accept;
                    meta skuid exeat return
                    meta skuid { app, 1001 } udp dport 53 counter redirect to :2
                    meta skuid { app, 1001 } tcp dport 53 counter redirect to :2
                    fib daddr type local return
                    meta skuid { app, 1001 } meta l4proto tcp counter redirect to :1
                  }
                  chain refuse {
                    type filter hook output priority 0; policy accept;
                    meta skuid exeat accept
                    fib daddr type local accept
                    ct direction reply accept
                    ct state related accept
                    icmpv6 type { nd-router-solicit, nd-neighbor-solicit, nd-neighbor-advert } accept
                    meta skuid { app, 1001 } udp dport 443 counter reject with icmpx type port-unreachable
                    meta skuid { app, 1001 } meta l4proto udp counter reject with icmpx type port-unreachable
                    meta skuid { app, 1001 } meta l4proto tcp counter reject with tcp reset
                    meta skuid { app, 1001 } counter reject with icmpx type admin-prohibited
                  }
                }
                """);
    }

    @Test
    void selects_everybody_or_a_cgroup() {
        assertThat(setup("--everybody", "--proxy-user=exeat").out())
                .contains("    meta l4proto tcp counter redirect to :10129\n")
                .contains("    meta skuid exeat return\n");
        assertThat(setup("--cgroup=system.slice/app@1.service").out())
                .contains("socket cgroupv2 level 2 \"system.slice/app@1.service\" meta l4proto tcp counter redirect");
        assertThat(setup("--remove").out()).isEqualTo("table inet exeat_capture {}\ndelete table inet exeat_capture\n");
    }

    @Test
    void prints_a_script_for_iptables() {
        assertThat(setup("--iptables", "--user=app").out())
                .contains("iptables-restore -w --noflush")
                .contains("-A EXEAT_CAPTURE -m owner --uid-owner app -p tcp -j REDIRECT --to-ports 10129")
                .contains("ip6tables-restore");
        assertThat(setup("--iptables", "--remove").out()).contains("-X EXEAT_CAPTURE", "-X EXEAT_REFUSE");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "--everybody",
                "--user=a --cgroup=b",
                "--user=a;b",
                "--user=-j",
                "--user=A",
                "--user=root --proxy-user=root",
                "--cgroup=/a",
                "--cgroup=a/../b",
                "--cgroup=a\"b",
                "--user=a --dns-port=0",
                "--user=a --transparent-port=65536"
            })
    void refuses_what_would_make_other_rules(String flags) {
        CliRun run = setup(flags.isEmpty() ? new String[0] : flags.split(" "));

        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.out()).isEmpty();
    }
}
