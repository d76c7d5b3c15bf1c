/** Reading the fields of an object strictly: every fault found at once, with its place, its field and a cure. */
@NullMarked
package dev.exeat.policy.manifest;

import org.jspecify.annotations.NullMarked;
