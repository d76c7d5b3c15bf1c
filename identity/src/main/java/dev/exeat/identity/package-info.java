/** identity */
@NullMarked
package dev.exeat.identity;

import org.jspecify.annotations.NullMarked;
