/** testkit */
@NullMarked
package dev.exeat.testkit;

import org.jspecify.annotations.NullMarked;
