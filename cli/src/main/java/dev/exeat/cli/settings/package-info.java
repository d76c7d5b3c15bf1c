/** What a role was told to do, resolved and immutable: flags, environment and defaults are behind it. */
@NullMarked
package dev.exeat.cli.settings;

import org.jspecify.annotations.NullMarked;
