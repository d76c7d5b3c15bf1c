/**
 * Records that cannot be changed unseen: segments of lines in a chain of hashes, whose heads a gateway signs with its SVID.
 * What is written and what is verified has no code in common but {@link dev.exeat.flow.audit.Checkpoint}.
 */
@NullMarked
package dev.exeat.flow.audit;

import org.jspecify.annotations.NullMarked;
