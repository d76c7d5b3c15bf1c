/** SPIFFE identities: trust bundles, the check of X.509-SVIDs, where they come from, and the embedded authority. */
@NullMarked
package dev.exeat.identity;

import org.jspecify.annotations.NullMarked;
