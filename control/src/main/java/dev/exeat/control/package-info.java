/** control */
@NullMarked
package dev.exeat.control;

import org.jspecify.annotations.NullMarked;
