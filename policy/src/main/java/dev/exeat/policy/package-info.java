/** policy */
@NullMarked
package dev.exeat.policy;

import org.jspecify.annotations.NullMarked;
