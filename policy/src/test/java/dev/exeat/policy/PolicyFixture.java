package dev.exeat.policy;

import dev.exeat.model.Attempt;
import dev.exeat.model.Enforcement;
import dev.exeat.model.HelloFacts;
import dev.exeat.model.HostPort;
import dev.exeat.model.IpAddress;
import dev.exeat.model.ListenerKind;
import dev.exeat.model.Problem;
import dev.exeat.model.RegistryMode;
import dev.exeat.model.Resource;
import dev.exeat.model.SpiffeId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Sets up policies and asks them. */
public final class PolicyFixture {
    public static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
    public static final String GATEWAY_APP = "istio-egressgateway-with-sni-proxy";

    private static final GatewayWorkload GATEWAY = new GatewayWorkload(
            "kubernetes://gateway-0.istio-system",
            GATEWAY_APP,
            "istio-system",
            "gateway",
            "cluster.local/ns/istio-system/sa/gateway");

    private final List<Resource> resources = new ArrayList<>();
    private RegistryMode registry = RegistryMode.ALLOW_ANY;
    private Enforcement enforcement = Enforcement.ENFORCE;
    private boolean denyOnMatchError;
    private ListProviders lists = ListProviders.NONE;

    public PolicyFixture yaml(String text) {
        return yaml("", text);
    }

    public PolicyFixture yaml(String file, String text) {
        List<Resource> read = TinyYaml.resources(file, text);
        resources.addAll(read);
        read.forEach(this::holdToSchema);
        return this;
    }

    /** Whatever the tests write: the schema for editors passes no object that the reader refuses, and refuses none that it takes. */
    private void holdToSchema(Resource resource) {
        if (resource.key().group().equals(Kinds.EXEAT_GROUP)) {
            SchemaAgreement.hold(resource, compiler().check(resource));
        }
    }

    public PolicyFixture sample(String name) {
        return yaml(name, read(name));
    }

    static String read(String name) {
        try (InputStream stream = PolicyFixture.class.getResourceAsStream(name)) {
            if (stream == null) {
                throw new IllegalArgumentException("no test resource " + name);
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    public PolicyFixture registryOnly() {
        registry = RegistryMode.REGISTRY_ONLY;
        return this;
    }

    public PolicyFixture enforcement(Enforcement mode) {
        enforcement = mode;
        return this;
    }

    public PolicyFixture denyOnMatchError() {
        denyOnMatchError = true;
        return this;
    }

    public PolicyFixture lists(ListProviders providers) {
        lists = providers;
        return this;
    }

    public List<Resource> resources() {
        return resources;
    }

    public PolicyCompiler compiler() {
        return new PolicyCompiler(new CompileOptions(
                registry, enforcement, Map.of("app", GATEWAY_APP), GATEWAY, "istio-system", denyOnMatchError, lists));
    }

    public Compilation compilation() {
        return compiler().compile(resources);
    }

    public Snapshot snapshot() {
        return compilation().snapshot();
    }

    /** The problems that the last object has by itself. */
    public List<Problem> check() {
        return compiler().check(resources.getLast(), resources);
    }

    public Decision decide(@Nullable String account, String host) {
        return snapshot().decide(attempt(account, host));
    }

    /** @param account {@code name} in the namespace default, {@code namespace/name}, or null for no identity */
    public static Attempt attempt(@Nullable String account, String host) {
        return attempt(account, host, 443);
    }

    public static Attempt attempt(@Nullable String account, String host, int port) {
        SpiffeId source = null;
        if (account != null) {
            int slash = account.indexOf('/');
            source = SpiffeId.ofServiceAccount(
                    "cluster.local", slash < 0 ? "default" : account.substring(0, slash), account.substring(slash + 1));
        }
        return attempt(source, host, port);
    }

    /** @param source the identity, or null for none */
    public static Attempt attempt(@Nullable SpiffeId source, String host, int port) {
        HostPort target = HostPort.parse(host + ":" + port);
        return new Attempt(
                "gateway-1",
                NOW,
                source == null ? ListenerKind.PLAIN : ListenerKind.TUNNEL,
                source,
                IpAddress.parse("10.0.0.7"),
                target,
                new HelloFacts(target.host(), host, List.of(0x0304), List.of("h2"), false, false, 517));
    }
}
