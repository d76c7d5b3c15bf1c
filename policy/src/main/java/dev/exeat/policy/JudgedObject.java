package dev.exeat.policy;

import dev.exeat.policy.ResourceReader.Reading;

/**
 * What was made of one object alone.
 *
 * @param digest of its content
 */
@SuppressWarnings("ArrayRecordComponent") // Compared by nobody, and there are very many.
record JudgedObject(Reading reading, byte[] digest) {}
