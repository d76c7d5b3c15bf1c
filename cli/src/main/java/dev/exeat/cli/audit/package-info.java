/** {@code exeat audit}: whether sealed records are as a gateway wrote them. */
@NullMarked
package dev.exeat.cli.audit;

import org.jspecify.annotations.NullMarked;
