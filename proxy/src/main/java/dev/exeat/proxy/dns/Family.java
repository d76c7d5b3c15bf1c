package dev.exeat.proxy.dns;

import dev.exeat.model.IpAddress;
import java.util.List;
import org.xbill.DNS.Name;

/** What one question led to. Times to live are in seconds. */
sealed interface Family {

    record Found(List<IpAddress> addresses, List<Name> aliases, long ttl) implements Family {}

    /**
     * There are no addresses of this family.
     *
     * @param noName whether the name itself does not exist, and so has none of the other family either
     */
    record None(boolean noName, long ttl) implements Family {}

    record Failed(DnsFailure failure) implements Family {}
}
