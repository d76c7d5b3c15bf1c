package dev.exeat.flow.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresAddressTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgresql://keeper@db.test:5433/flows?sslmode=require&currentSchema=egress",
                "postgres://keeper@db.test:5433/flows?sslmode=require&currentSchema=egress",
                "jdbc:postgresql://db.test:5433/flows?user=keeper&sslmode=require&currentSchema=egress"
            })
    void reads_urls_of_both_kinds(String url) {
        assertThat(PostgresAddress.isMeant(url)).isTrue();
        assertThat(PostgresAddress.parse(url))
                .isEqualTo(new PostgresAddress(
                        "db.test", 5433, "flows", "keeper", "egress", Map.of("sslmode", "require")));
    }

    @Test
    void has_the_usual_port_and_a_schema_of_its_own() {
        assertThat(PostgresAddress.parse("postgresql://keeper@db.test/flows"))
                .isEqualTo(new PostgresAddress("db.test", 5432, "flows", "keeper", "exeat", Map.of()))
                .hasToString("postgresql://db.test:5432/flows");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    postgresql://keeper:secret@db.test/flows              | a password in a URL can be seen by others
                    postgresql://keeper@db.test/flows?password=secret     | a password in a URL can be seen by others
                    postgresql://db.test/flows                            | names no user or no database
                    postgresql://keeper@db.test/                          | names no user or no database
                    postgresql://keeper@db.test                           | names no user or no database
                    postgresql://keeper@db.test/a/b                       | names no user or no database
                    postgresql://keeper@db.test/flows?socketFactory=x     | there is no parameter socketFactory
                    postgresql://keeper@db.test/flows?sslmode=maybe       | there is no sslmode maybe
                    postgresql://keeper@db.test/flows?sslcert=a&sslkey=b  | need sslrootcert, the file
                    postgresql://keeper@[::1]/flows?sslmode=verify-ca&sslkey=b | need sslrootcert, the file
                    postgresql://keeper@db.test/flows?currentSchema=a;b   | is no name of small letters
                    postgresql://keeper@db.test/flows?currentSchema=1a    | is no name of small letters
                    postgresql://kee per@db.test/flows                    | is no URL such as
                    postgresql:///flows                                   | is no URL such as
                    mysql://keeper@db.test/flows                          | is no URL such as
                    """)
    void refuses_what_cannot_be_meant_without_repeating_a_password(String url, String why) {
        assertThatThrownBy(() -> PostgresAddress.parse(url))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why)
                .hasMessageNotContaining("secret");
    }

    @ParameterizedTest
    @CsvSource({
        "localhost, true",
        "LOCALHOST, true",
        "127.0.0.1, true",
        "127.1.2.3, true",
        "[::1], true",
        "127.0.0.1.example.com, false",
        "localhost.example.com, false",
        "10.0.0.1, false",
        "0.0.0.0, false"
    })
    void knows_what_does_not_leave_the_machine(String host, boolean loopback) {
        assertThat(PostgresAddress.parse("postgresql://keeper@" + host + "/flows")
                        .isLoopback())
                .isEqualTo(loopback);
    }

    @ParameterizedTest
    @CsvSource({
        "db.test, '', verify-full",
        "localhost, '', prefer",
        "db.test, sslmode=require, require",
        "db.test, sslmode=require&sslcert=a&sslkey=b, require",
        "db.test, sslcert=a&sslkey=b&sslrootcert=c, verify-full",
        "db.test, sslmode=require&sslrootcert=c, verify-ca",
        "localhost, sslrootcert=c, prefer"
    })
    void the_server_proves_what_it_must_to_postgresqls_own_programs_or_more(String host, String tls, String mode) {
        assertThat(PostgresAddress.parse("postgresql://keeper@" + host + "/flows?" + tls)
                        .mode())
                .isEqualTo(mode);
    }
}
