/** Reads YAML and JSON manifests into resources that know the place of every field. */
@NullMarked
package dev.exeat.control.manifest;

import org.jspecify.annotations.NullMarked;
