/** Objects of the resource API, applied, seen and deleted as kubectl does it. */
@NullMarked
package dev.exeat.cli.objects;

import org.jspecify.annotations.NullMarked;
