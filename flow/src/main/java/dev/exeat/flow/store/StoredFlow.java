package dev.exeat.flow.store;

import dev.exeat.flow.query.Flow;

/**
 * A flow in a store.
 *
 * @param sequence rises with each write
 */
public record StoredFlow(long sequence, Flow flow) {}
