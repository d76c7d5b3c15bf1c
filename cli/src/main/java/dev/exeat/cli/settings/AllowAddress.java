package dev.exeat.cli.settings;

import dev.exeat.model.Cidr;
import dev.exeat.model.HostPattern;

/** An exception to the address guard: these hosts, and no others, may resolve into this block. */
public record AllowAddress(HostPattern host, Cidr block) {}
