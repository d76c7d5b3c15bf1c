/** The kernel's rules that send a workload's traffic to its proxy: nftables or iptables, printed or applied. */
@NullMarked
package dev.exeat.cli.setup;

import org.jspecify.annotations.NullMarked;
