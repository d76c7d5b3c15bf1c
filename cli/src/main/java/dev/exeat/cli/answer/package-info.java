/** What {@code exeat explain} asks and is answered, whoever answers: this process or a running gateway. */
@NullMarked
package dev.exeat.cli.answer;

import org.jspecify.annotations.NullMarked;
