/** What is measured, one class for each question. */
@NullMarked
package dev.exeat.bench.scenario;

import org.jspecify.annotations.NullMarked;
