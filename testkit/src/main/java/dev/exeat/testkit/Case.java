package dev.exeat.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Binds a test to rows of {@code docs/cases.md}. A test of {@code it} holds the table and these annotations to each
 * other, in all modules.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Case {
    /**
     * The rows' ids. None where the test's own data has them: a test that takes a {@link HelloCase} runs all of
     * {@link HelloCases}, and a row of a {@code CsvSource} may begin with an id.
     */
    String[] value() default {};
}
