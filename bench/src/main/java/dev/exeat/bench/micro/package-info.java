/** Benchmarks of the policy alone, for JMH: {@code bench/jmh.sh} runs them. */
@NullMarked
package dev.exeat.bench.micro;

import org.jspecify.annotations.NullMarked;
