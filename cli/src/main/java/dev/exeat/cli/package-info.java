/** cli */
@NullMarked
package dev.exeat.cli;

import org.jspecify.annotations.NullMarked;
