package dev.exeat.flow;

import dev.exeat.model.Limit;

/**
 * How far a limit is used.
 *
 * @param who the source or identity that uses it, or empty where no one alone does
 */
public record LimitUse(Limit limit, String who, int used, int most) {}
