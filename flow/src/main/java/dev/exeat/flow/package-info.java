/** flow */
@NullMarked
package dev.exeat.flow;

import org.jspecify.annotations.NullMarked;
