package dev.exeat.identity;

import dev.exeat.model.SpiffeId;
import java.math.BigInteger;
import java.time.Instant;

/**
 * What a verified chain proves.
 *
 * @param notAfter when the first certificate of the chain ceases to be valid; what rests on it must end then
 * @param serial the leaf's serial number
 */
public record VerifiedSvid(SpiffeId id, Instant notAfter, BigInteger serial) {}
