package dev.exeat.proxy.workload;

import dev.exeat.proxy.EgressLimits;
import dev.exeat.proxy.OpenConnections;
import dev.exeat.proxy.capture.ReservedAddresses;

/** What every connection of a workload proxy shares. */
record WorkloadServices(
        OnDeny onDeny,
        EgressLimits limits,
        OpenConnections<WorkloadConnection> open,
        WorkloadEvents events,
        ReservedAddresses reserved) {}
