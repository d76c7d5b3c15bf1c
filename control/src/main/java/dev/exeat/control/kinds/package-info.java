/** The kinds of objects that the API serves: custom ones from their bundled definitions, and a few of Kubernetes' own. */
@NullMarked
package dev.exeat.control.kinds;

import org.jspecify.annotations.NullMarked;
