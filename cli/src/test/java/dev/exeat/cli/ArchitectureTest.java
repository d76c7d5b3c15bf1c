package dev.exeat.cli;

import static com.tngtech.archunit.lang.conditions.ArchConditions.accessField;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Holds the arrows between the modules, and what each of them alone may touch. */
@AnalyzeClasses(packages = "dev.exeat", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String ROOT = "dev.exeat.";

    /** A module may use these and no others. The test kit is for tests, and nobody's dependency. */
    private static final Map<String, Set<String>> MAY_USE = Map.of(
            "model", Set.of(),
            "hello", Set.of("model"),
            "policy", Set.of("model"),
            "identity", Set.of("model"),
            "flow", Set.of("model"),
            "net", Set.of(),
            "proxy", Set.of("model", "net", "hello", "policy", "identity", "flow"),
            "control", Set.of("model", "policy", "identity", "flow"),
            "testkit", Set.of("model"),
            "cli", Set.of("model", "net", "hello", "policy", "identity", "flow", "proxy", "control"));

    @ArchTest
    static void every_module_uses_only_what_it_may(JavaClasses all) {
        Set<String> seen = new TreeSet<>();
        for (JavaClass type : all) {
            String module = moduleOf(type);
            seen.add(module);
            assertThat(MAY_USE).as("a module that this test does not know").containsKey(module);
            type.getDirectDependenciesFromSelf().stream()
                    .filter(dependency ->
                            dependency.getTargetClass().getPackageName().startsWith(ROOT))
                    .forEach(dependency -> {
                        String used = moduleOf(dependency.getTargetClass());
                        assertThat(used.equals(module) || MAY_USE.get(module).contains(used))
                                .as(dependency.getDescription())
                                .isTrue();
                    });
        }
        assertThat(seen).containsAll(Set.of("model", "hello", "policy", "identity", "flow", "net", "proxy", "control"));
    }

    private static String moduleOf(JavaClass type) {
        String rest = type.getPackageName().substring(ROOT.length());
        int dot = rest.indexOf('.');
        return dot < 0 ? rest : rest.substring(0, dot);
    }

    @ArchTest
    static final ArchRule only_net_touches_native_code = noClasses()
            .that()
            .resideOutsideOfPackage("dev.exeat.net..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.lang.foreign..", "io.netty..", "sun.misc..", "jdk.internal..");

    @ArchTest
    static final ArchRule only_the_stores_see_sql = noClasses()
            .that()
            .resideOutsideOfPackages("dev.exeat.flow..", "dev.exeat.control.store..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.sql..", "javax.sql..", "org.sqlite..", "org.postgresql..");

    @ArchTest
    static final ArchRule only_control_serves_http = noClasses()
            .that()
            .resideOutsideOfPackage("dev.exeat.control..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.eclipse.jetty.server..",
                    "org.eclipse.jetty.websocket..",
                    "org.eclipse.jetty.ee10..",
                    "jakarta.servlet..");

    @ArchTest
    static final ArchRule only_control_sees_a_kubernetes_client = noClasses()
            .that()
            .resideOutsideOfPackage("dev.exeat.control..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.fabric8..", "io.kubernetes..");

    /** The stdio handler's lines and the native records go to standard output by {@code flow}, through its descriptor. */
    @ArchTest
    static final ArchRule only_cli_prints = noClasses()
            .that()
            .resideOutsideOfPackages("dev.exeat.cli..", "dev.exeat.testkit..")
            .should(accessField(System.class, "out"))
            .orShould(accessField(System.class, "err"));

    @ArchTest
    static final ArchRule only_main_exits = noClasses()
            .that()
            .doNotHaveSimpleName("Main")
            .should()
            .callMethod(System.class, "exit", int.class)
            .orShould()
            .callMethod(Runtime.class, "exit", int.class)
            .orShould()
            .callMethod(Runtime.class, "halt", int.class);

    @ArchTest
    static final ArchRule only_cli_reads_the_environment = noClasses()
            .that()
            .resideOutsideOfPackages("dev.exeat.cli..", "dev.exeat.testkit..")
            .should()
            .callMethod(System.class, "getenv")
            .orShould()
            .callMethod(System.class, "getenv", String.class);

    /** JCTools' other queues need Unsafe memory access, which the launcher denies. */
    @ArchTest
    static final ArchRule queues_need_no_unsafe = noClasses()
            .should()
            .dependOnClassesThat(new DescribedPredicate<>("are JCTools' queues over Unsafe") {
                @Override
                public boolean test(JavaClass type) {
                    String in = type.getPackageName();
                    return in.startsWith("org.jctools")
                            && !in.startsWith("org.jctools.queues.varhandle")
                            && !type.getSimpleName().startsWith("MessagePassingQueue");
                }
            });

    /** A clock that is set forward or back ends no connection early, nor keeps one. Certificates and tickets follow it. */
    @ArchTest
    static final ArchRule time_outs_do_not_follow_the_wall_clock = noClasses()
            .that()
            .resideInAnyPackage(
                    "dev.exeat.net..", "dev.exeat.proxy.dns..", "dev.exeat.proxy.dial..", "dev.exeat.proxy.h2..")
            .and()
            .haveSimpleNameNotEndingWith("Engine")
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.time.Instant")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.time.InstantSource")
            .orShould()
            .callMethod(System.class, "currentTimeMillis");

    /** Where patterns and the text to match come from users and peers: RE2/J takes linear time, the JDK's does not. */
    @ArchTest
    static final ArchRule no_backtracking_on_what_others_wrote = noClasses()
            .that()
            .resideInAnyPackage(
                    "dev.exeat.model..",
                    "dev.exeat.hello..",
                    "dev.exeat.policy..",
                    "dev.exeat.flow..",
                    "dev.exeat.net..",
                    "dev.exeat.proxy..",
                    "dev.exeat.control..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("java.util.regex..");

    @ArchTest
    static final ArchRule nobody_deserializes_or_looks_up_names = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("javax.naming..", "javax.script..", "com.fasterxml.jackson.databind..")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.io.ObjectInputStream");

    @ArchTest
    static final ArchRule no_state_is_shared_by_accident = noFields()
            .that()
            .areStatic()
            .and()
            .areDeclaredInClassesThat()
            .resideOutsideOfPackage("dev.exeat.testkit..")
            .should()
            .notBeFinal();

    @ArchTest
    static void classes_are_named_by_what_they_are(JavaClasses all) {
        Set<String> forbidden = Set.of("Manager", "Helper", "Impl", "Util", "Utils");
        for (JavaClass type : all) {
            assertThat(forbidden).as(type.getName()).noneMatch(type.getSimpleName()::endsWith);
            assertThat(Arrays.asList(type.getPackageName().split("\\.")))
                    .as(type.getName())
                    .doesNotContain("util", "utils", "common", "misc");
        }
    }
}
