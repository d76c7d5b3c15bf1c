package dev.exeat.bench.subject;

import dev.exeat.bench.load.Door;
import dev.exeat.bench.machine.Program;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A workload proxy and a gateway, both measured, with HTTP/2 tunnels between them. The authority that gives them their
 * certificates runs beside and has nothing to do meanwhile.
 */
public final class ExeatChain implements Subject {
    private final ExeatProgram exeat;

    ExeatChain(ExeatProgram exeat) {
        this.exeat = exeat;
    }

    @Override
    public String name() {
        return "exeat-chain";
    }

    @Override
    public Release release() {
        return exeat.release();
    }

    @Override
    public boolean has(Door door) {
        return door == Door.CONNECT || door == Door.SOCKS5;
    }

    @Override
    public boolean isCompiledWhileRunning() {
        return true;
    }

    @Override
    public Running start(Site site, Door door) {
        int api = Site.freePort();
        int tunnel = Site.freePort();
        int listen = Site.freePort();
        Path data = site.directory().resolve("authority");
        Program authority = site.beside(
                "authority",
                exeat.command(
                        "up",
                        "--data-dir",
                        data.toString(),
                        "--manifests",
                        exeat.manifests(site).toString(),
                        "--api",
                        "127.0.0.1:" + api,
                        "--tunnel",
                        "127.0.0.1:0",
                        "--admin",
                        "127.0.0.1:0",
                        "--drain",
                        "1s"));
        authority.awaitFile(data.resolve("ready.json"));
        Path identity = exeat.fetchIdentity(site, data, api, "exeat-system", "exeat-gateway");
        List<String> gatewayCommand = exeat.gateway(site, identity, "cluster.local");
        gatewayCommand.addAll(List.of("--tunnel", "127.0.0.1:" + tunnel));
        Program gateway = site.measured("gateway", gatewayCommand);
        gateway.awaitPort(tunnel);
        Path token = exeat.token(site, data, "default", "app");
        Program proxy = site.measured(
                "proxy",
                exeat.command(
                        "proxy",
                        "--server",
                        "https://127.0.0.1:" + api,
                        "--ca-file",
                        data.resolve("bundle.pem").toString(),
                        "--token-file",
                        token.toString(),
                        "--gateway",
                        "127.0.0.1:" + tunnel,
                        "--listen",
                        "127.0.0.1:" + listen,
                        "--ready-file",
                        site.directory().resolve("proxy.json").toString(),
                        "--admin",
                        "127.0.0.1:0",
                        "--drain",
                        "1s"));
        Duration startUp = proxy.awaitPort(listen);
        return new Running(List.of(gateway, proxy), List.of(authority), door, listen, ExeatProgram.AUTHORITY, startUp);
    }
}
