/** How flags and environment variables become settings: option groups and converters with helpful errors. */
@NullMarked
package dev.exeat.cli.options;

import org.jspecify.annotations.NullMarked;
