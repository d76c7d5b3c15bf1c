package dev.exeat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UsageErrorsTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            up --tunel 127.0.0.1:1           | Did you mean --tunnel
            upp                              | Did you mean up
            up --tunnel 10443                | has no port
            up --tunnel :10443               | for all interfaces write 0.0.0.0:10443
            up --tunnel ::1:1                | write an IPv6 address in brackets
            up --tunnel localhost:99999      | '99999' is not a port
            up --drain 60                    | is not a duration; write a number and ms, s, m, h or d
            up --metrics-top 1001            | takes a number from 0 to 1000
            up --metrics-top 0 --istio-metrics | needs a --metrics-top above 0
            up --otlp-metrics collector:4318 | is not a URL as http://HOST:4318/v1/metrics
            up --otlp-metrics-interval 10ms  | takes a duration from 1s
            up --log-profile ecs=a/../b,istio=b     | two logs can't share a sink, as ecs=a/../b and istio=b do
            up --record-log - --log-profile ecs=-   | two logs can't share a sink, as records and ecs=- do
            up --log-profile ecs=sealed:d,ecs=sealed:./d | two logs can't share a sink
            up --log-profile otel=otlp:http://h:1,otel=otlp:http://h:1/ | two logs can't share a sink
            up --log-profile ecs=syslog:udp://h:1,istio=syslog:udp://h:1 | two logs can't share a sink
            up --registry OPEN               | is none of REGISTRY_ONLY, ALLOW_ANY
            up --enforcement off             | is none of enforce, audit, disabled
            up --svid-ttl 10s                | --svid-ttl is at least 1m
            up --hello-limit 1M              | --hello-limit is 4K to 128K
            up --hello-timeout 0             | --hello-timeout is more than 0
            up --max-connections 0           | --max-connections is at least 1
            up --loops -1                    | --loops is at least 0
            up --label app                   | is not KEY=VALUE
            up --label a=1 --label a=2       | --label a is given twice with different values
            up --allow-address example.com   | is not HOST=CIDR
            up --connect-to example.com:443  | is not HOST:PORT:ADDR:PORT
            up --trust-domain Example        | a trust domain holds only a-z
            gateway                          | an identity is needed
            gateway --svid-dir a --server b:1| --token-file F go together
            proxy                            | Missing required options: '--server=URL', '--token-file=F', '--gateway=A:P'
            proxy --server http://h:1        | tokens are sent over TLS only
            proxy --gateway-id gw            | is not a SPIFFE ID
            """)
    void says_what_is_wrong_and_where_to_look(String arguments, String expected) {
        CliRun run = CliRun.of(arguments.trim().split(" "));

        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).startsWith("exeat").contains(expected).contains("Try 'exeat help");
        assertThat(run.out()).isEmpty();
    }

    @Test
    void names_the_variable_that_holds_a_bad_value() {
        CliRun run = CliRun.of(Map.of("EXEAT_TUNNEL", "nowhere"), "up");

        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("'nowhere' has no port").contains("EXEAT_TUNNEL");
    }

    @Test
    void asks_which_command() {
        assertThat(CliRun.of().exitCode()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void prints_help_of_a_command_on_standard_output() {
        CliRun run = CliRun.of("help", "proxy");

        assertThat(run.exitCode()).isEqualTo(ExitCode.OK);
        assertThat(run.out()).contains("Usage: exeat proxy").contains("--on-deny");
    }

    @Test
    void prints_help_of_a_command_of_a_command() {
        assertThat(CliRun.of("help", "token", "create").out()).contains("Usage: exeat token create");
        assertThat(CliRun.of("token", "create", "--help").out()).contains("Usage: exeat token create");
        assertThat(CliRun.of("help", "tokens").exitCode()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void tells_a_failure_without_a_stack_trace() {
        CliRun run = CliRun.of("up");

        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(run.err()).isEqualTo("exeat up: captured\n");
    }
}
