package dev.exeat.control.importing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Squid's ordered rules, as policies without order. */
class SquidImportTest {
    private static final String LISTS = """
            acl good dstdomain .good.test
            acl bad dstdomain bad.good.test
            acl net src 10.0.0.0/8
            acl lab src 10.9.0.0/16
            acl web port 443
            acl hours time 9:00-17:00
            acl named ssl::server_name .good.test other.test
            """;

    private static ImportedRules rules(String rules) {
        return ImportedRules.of(ImportSource.SQUID, LISTS + rules.replace("; ", "\n") + "\n");
    }

    @ParameterizedTest
    @CsvSource({
        "10.1.2.3,    www.example.com:443,   denied",
        "10.1.2.3,    a.example.com:443,     allowed",
        "10.1.2.3,    example.com:8443,      allowed",
        "10.1.2.3,    example.com:9000,      denied",
        "10.1.2.3,    partner.example:443,   allowed",
        "10.1.2.3,    x.partner.example:443, denied",
        "192.168.1.1, partner.example:443,   allowed",
        "192.0.2.7,   partner.example:443,   denied",
        "10.1.2.3,    chess.games.example:443, denied",
        "10.9.0.1,    lab.example:443,       allowed",
        "10.1.2.3,    lab.example:443,       denied",
        "10.1.2.3,    anything.example:443,  denied",
        "default/a,   partner.example:443,   denied",
    })
    void a_whole_file(String who, String target, String verdict) throws IOException {
        assertThat(ImportedRules.ofResource(ImportSource.SQUID, "squid.conf").verdict(who, target))
                .isEqualTo(verdict);
    }

    @Test
    void tells_what_is_lost_with_its_line() throws IOException {
        List<String> losses =
                ImportedRules.ofResource(ImportSource.SQUID, "squid.conf").losses();

        assertThat(losses)
                .anyMatch(loss ->
                        loss.startsWith("squid.conf:27:1: http_access allow localnet odd: left out: odd: lists of"
                                + " the type url_regex"))
                .anyMatch(loss ->
                        loss.startsWith("squid.conf:28:1: ") && loss.contains("after the allowance at squid.conf:25"))
                .hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // The first rule that matches decides there, every denial here.
                "http_access deny bad; http_access allow good; http_access deny all   | default/a | bad.good.test:443 | denied",
                "http_access deny bad; http_access allow good; http_access deny all   | default/a | x.good.test:443   | allowed",
                "http_access deny bad; http_access allow good; http_access deny all   | default/a | good.test:443     | allowed",
                "http_access allow good; http_access deny bad; http_access deny all   | default/a | bad.good.test:443 | allowed",
                "http_access allow good; http_access deny all; http_access allow all  | default/a | x.test:443        | denied",
                // What no rule matches meets the opposite of the last one.
                "http_access allow good                                               | default/a | x.test:443        | denied",
                "http_access deny bad                                                 | default/a | x.test:443        | allowed",
                "http_access deny bad                                                 | default/a | bad.good.test:443 | denied",
                "http_access deny bad                                                 | default/a | bad.good.test:8443 | denied",
                "http_access deny !good                                               | default/a | x.test:443        | denied",
                "http_access deny !good                                               | default/a | x.good.test:443   | allowed",
                "http_access deny all                                                 | default/a | x.good.test:443   | denied",
                // Negations.
                "http_access allow good !bad; http_access deny all                    | default/a | bad.good.test:443 | denied",
                "http_access allow good !bad; http_access deny all                    | default/a | x.good.test:443   | allowed",
                "http_access deny !web; http_access allow good                        | default/a | good.test:8443    | denied",
                "http_access deny !net; http_access allow good                        | 10.0.0.1  | good.test:443     | allowed",
                "http_access deny !net; http_access allow good                        | 192.0.2.7 | good.test:443     | denied",
                "http_access deny !net; http_access allow good                        | default/a | good.test:443     | denied",
                "http_access deny !net !good; http_access allow all                   | 10.0.0.1  | x.test:443        | denied",
                // Whom rules deny by address may not come with an identity instead.
                "http_access deny lab; http_access allow good                         | 10.9.0.1  | good.test:443     | denied",
                "http_access deny lab; http_access allow good                         | 10.1.0.1  | good.test:443     | allowed",
                "http_access deny lab; http_access allow good                         | default/a | good.test:443     | denied",
                // What cannot be said: allowances go, denials grow.
                "http_access allow good hours; http_access deny all                   | default/a | good.test:443     | denied",
                "http_access deny good hours; http_access allow all                   | default/a | good.test:443     | denied",
                "http_access deny good hours; http_access allow all                   | default/a | x.test:443        | allowed",
                "http_access deny hours; http_access allow all                        | default/a | x.test:443        | denied",
                "http_access deny nowhere; http_access allow all                      | default/a | x.test:443        | denied",
                "http_access allow good named; http_access deny all                   | default/a | good.test:443     | allowed",
                "http_access allow good named; http_access deny all                   | default/a | other.test:443    | denied",
                // What ssl_bump ends.
                "ssl_bump peek all; ssl_bump splice named; ssl_bump terminate all; http_access allow all | default/a | x.test:443     | denied",
                "ssl_bump peek all; ssl_bump splice named; ssl_bump terminate all; http_access allow all | default/a | other.test:443 | allowed",
                "ssl_bump peek all; ssl_bump terminate !named; http_access allow all  | default/a | x.test:443        | denied",
                "ssl_bump peek all; ssl_bump terminate !named; http_access allow all  | default/a | other.test:443    | allowed",
                "ssl_bump terminate bad; ssl_bump splice all; http_access allow all   | default/a | x.test:443        | denied",
            })
    void order_becomes_none(String rules, String who, String target, String verdict) {
        assertThat(rules(rules).verdict(who, target)).isEqualTo(verdict);
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.3-10.0.0.9,       10.0.0.3,  allowed",
        "10.0.0.3-10.0.0.9,       10.0.0.9,  allowed",
        "10.0.0.3-10.0.0.9,       10.0.0.2,  denied",
        "10.0.0.3-10.0.0.9,       10.0.0.10, denied",
        "0.0.0.0-255.255.255.255, 192.0.2.7, allowed",
        "10.0.0.0/255.255.255.0,  10.0.0.9,  allowed",
        "10.0.0.0/255.255.255.0,  10.0.1.9,  denied",
        "10.0.0.0/255.0.255.0,    10.0.0.9,  denied",
        "10.0.0.9-10.0.0.3,       10.0.0.9,  denied",
        "intranet.test,           10.0.0.9,  denied",
    })
    void addresses_are_read_as_squid_writes_them(String addresses, String who, String verdict) {
        ImportedRules rules = ImportedRules.of(
                ImportSource.SQUID, "acl some src " + addresses + "\nhttp_access allow some\nhttp_access deny all\n");

        assertThat(rules.verdict(who, "x.test:443")).isEqualTo(verdict);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "dstdomain .x.test            | a.b.x.test:443 | allowed",
                "dstdomain -n .x.test         | x.test:443     | allowed",
                "dstdomain x.test             | a.x.test:443   | denied",
                "dstdomain *.x.test           | a.x.test:443   | denied",
                "dstdomain \"/etc/sites\"     | x.test:443     | denied",
                "dstdom_regex x               | x.test:443     | denied",
                "ssl::server_name --server-provided .x.test | x.test:443 | denied",
                "ssl::server_name --client-requested .x.test | x.test:443 | allowed",
            })
    void names_are_read_as_squid_means_them(String list, String target, String verdict) {
        ImportedRules rules = ImportedRules.of(
                ImportSource.SQUID, "acl some " + list + "\nhttp_access allow some\nhttp_access deny all\n");

        assertThat(rules.verdict("default/a", target)).isEqualTo(verdict);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // A comment ends no line that goes on, and goes on itself nowhere.
                "acl x dstdomain a.test \\; # note; b.test; http_access deny x; http_access allow all       | b.test:443  | denied",
                "acl x dstdomain a.test \\; # note; b.test; http_access deny x; http_access allow all       | c.test:443  | allowed",
                "# see \\; http_access deny good; http_access allow all                                     | good.test:443 | denied",
                "acl x dstdomain a.test \\; ; b.test; http_access deny x; http_access allow all             | b.test:443  | denied",
                // A word goes on, too.
                "acl x dstdomain a.te\\;   st b.test; http_access allow x; http_access deny all             | a.test:443  | allowed",
                "acl x dstdomain a.test\\; .evil.test; http_access allow x; http_access deny all            | b.evil.test:443 | denied",
                // Values that stand for others.
                "acl x dstdomain parameters(\"/bad\"); http_access deny x; http_access allow all             | a.test:443  | denied",
                "acl x dstdomain 'a.test'; http_access deny x; http_access allow all                         | a.test:443  | denied",
            })
    void lines_are_taken_as_squid_takes_them(String file, String target, String verdict) {
        assertThat(rules(file).verdict("default/a", target)).isEqualTo(verdict);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "miss_access deny bad; http_access allow all",
                "adapted_http_access allow good; http_access allow all",
                "http_access allow all \\",
            })
    void a_file_that_denies_elsewhere_too_is_refused(String file) {
        assertThatThrownBy(() -> rules(file)).isInstanceOf(ImportException.class);
    }

    @Test
    void other_rules_that_allow_all_forbid_nothing() {
        assertThat(rules("miss_access allow all; http_access allow all").verdict("default/a", "a.test:443"))
                .isEqualTo("allowed");
    }
}
