package dev.exeat.policy;

import dev.exeat.model.Node;
import dev.exeat.model.ObjectKey;
import dev.exeat.model.Place;
import dev.exeat.model.Problem;
import dev.exeat.model.Resource;
import dev.exeat.policy.authorization.AuthorizationPolicy;
import dev.exeat.policy.authorization.AuthorizationReader;
import dev.exeat.policy.cexl.Vocabulary;
import dev.exeat.policy.egress.EgressPolicy;
import dev.exeat.policy.egress.EgressReader;
import dev.exeat.policy.egress.HostSet;
import dev.exeat.policy.egress.HostSetReader;
import dev.exeat.policy.manifest.Field;
import dev.exeat.policy.manifest.Fields;
import dev.exeat.policy.manifest.Findings;
import dev.exeat.policy.mixer.MixerObject;
import dev.exeat.policy.mixer.MixerReader;
import dev.exeat.policy.registry.ServiceEntry;
import dev.exeat.policy.registry.ServiceEntryReader;
import dev.exeat.policy.routing.GatewayReader;
import dev.exeat.policy.routing.IstioGateway;
import dev.exeat.policy.routing.MeshObject;
import dev.exeat.policy.routing.MeshObjectReader;
import dev.exeat.policy.routing.VirtualService;
import dev.exeat.policy.routing.VirtualServiceReader;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads one resource as the object of its kind. */
final class ResourceReader {
    private static final String LANGUAGE = "policy.istio.io/lang";
    private static final String[] METADATA = {
        "name",
        "namespace",
        "labels",
        "annotations",
        "uid",
        "resourceVersion",
        "generation",
        "creationTimestamp",
        "deletionTimestamp",
        "deletionGracePeriodSeconds",
        "finalizers",
        "ownerReferences",
        "managedFields",
        "generateName",
        "selfLink",
        "clusterName"
    };

    private final MixerReader mixer;
    private final String rootNamespace;
    private final String trustDomain;

    ResourceReader(Vocabulary vocabulary, String rootNamespace, String trustDomain) {
        this.mixer = new MixerReader(vocabulary);
        this.rootNamespace = rootNamespace;
        this.trustDomain = trustDomain;
    }

    /** What was read. */
    sealed interface Reading {
        List<Problem> problems();

        record OfMixer(MixerObject object, List<Problem> problems) implements Reading {}

        record OfRegistry(ServiceEntry entry, List<Problem> problems) implements Reading {}

        record OfGateway(IstioGateway gateway, List<Problem> problems) implements Reading {}

        record OfRoutes(VirtualService service, List<Problem> problems) implements Reading {}

        record OfMesh(MeshObject object, List<Problem> problems) implements Reading {}

        record OfAuthorization(AuthorizationPolicy policy, List<Problem> problems) implements Reading {}

        record OfEgress(EgressPolicy policy, List<Problem> problems) implements Reading {}

        record OfHosts(HostSet set, List<Problem> problems) implements Reading {}

        /** Of a kind that policy has no use for. */
        record Other(List<Problem> problems) implements Reading {}

        /** Refused: at least one problem is an error. */
        record Broken(List<Problem> problems) implements Reading {}
    }

    Reading read(Resource resource) {
        Findings findings = new Findings(resource.key());
        Kinds.Meaning meaning = Kinds.meaning(resource, findings);
        if (meaning == null) {
            return new Reading.Broken(findings.problems());
        }
        Fields body = new Fields(resource.body(), "", findings);
        body.accept("apiVersion", "kind", "status");
        metadata(body, meaning);
        Reading reading = read(resource, meaning, body, findings);
        return findings.hasErrors() ? new Reading.Broken(findings.problems()) : reading;
    }

    private Reading read(Resource resource, Kinds.Meaning meaning, Fields body, Findings findings) {
        ObjectKey key = resource.key();
        switch (meaning) {
            case MIXER -> {
                checkLanguage(resource, findings);
                MixerObject object = mixer.read(key, spec(body));
                body.done();
                return new Reading.OfMixer(object, findings.problems());
            }
            case SERVICE_ENTRY -> {
                ServiceEntry entry = ServiceEntryReader.read(key, spec(body));
                body.done();
                return new Reading.OfRegistry(entry, findings.problems());
            }
            case GATEWAY -> {
                IstioGateway gateway = GatewayReader.read(key, spec(body));
                body.done();
                return new Reading.OfGateway(gateway, findings.problems());
            }
            case VIRTUAL_SERVICE -> {
                VirtualService service = VirtualServiceReader.read(key, spec(body));
                body.done();
                return new Reading.OfRoutes(service, findings.problems());
            }
            case DESTINATION_RULE -> {
                MeshObject rule = MeshObjectReader.readDestinationRule(key, spec(body));
                body.done();
                return new Reading.OfMesh(rule, findings.problems());
            }
            case ENVOY_FILTER -> {
                MeshObject filter = MeshObjectReader.readEnvoyFilter(key, spec(body));
                body.done();
                return new Reading.OfMesh(filter, findings.problems());
            }
            case AUTHORIZATION_POLICY -> {
                AuthorizationPolicy policy = AuthorizationReader.read(resource, spec(body), trustDomain);
                body.done();
                return new Reading.OfAuthorization(policy, findings.problems());
            }
            case EGRESS_POLICY -> {
                EgressPolicy policy = EgressReader.read(key, spec(body), rootNamespace);
                body.done();
                return new Reading.OfEgress(policy, findings.problems());
            }
            case HOST_SET -> {
                HostSet set = HostSetReader.read(key, spec(body));
                body.done();
                return new Reading.OfHosts(set, findings.problems());
            }
            case IDENTITY -> {
                Audited.check(resource, findings);
                body.accept("spec", "secrets", "imagePullSecrets", "automountServiceAccountToken");
                body.done();
            }
            case ELSEWHERE -> {}
        }
        return new Reading.Other(findings.problems());
    }

    private static Fields spec(Fields body) {
        Field field = body.find("spec");
        Fields spec = field == null ? null : body.mapping(field);
        return spec != null ? spec : new Fields(nothing(body.place()), "spec", body.findings());
    }

    private static Node.Mapping nothing(Place place) {
        return new Node.Mapping(Map.of(), Map.of(), place);
    }

    private static void metadata(Fields body, Kinds.Meaning meaning) {
        Fields metadata = body.mapping("metadata");
        if (metadata == null) {
            return;
        }
        metadata.accept(METADATA);
        checkName(metadata, "name");
        checkName(metadata, "namespace");
        if (meaning != Kinds.Meaning.ELSEWHERE) {
            metadata.done();
        }
    }

    /** Names become parts of references and SPIFFE IDs, and so must be those of Kubernetes (RFC 1123 subdomains). */
    private static void checkName(Fields metadata, String field) {
        Field found = metadata.find(field);
        String name = found == null ? null : metadata.text(found);
        if (found != null && name != null && !isSubdomain(name)) {
            metadata.findings()
                    .error(
                            "invalid-name",
                            found.place(),
                            found.path(),
                            "\"" + name + "\" is no name of an object",
                            "use at most 253 characters of a-z, 0-9, '-' and '.', with a letter or digit at both ends");
        }
    }

    private static boolean isSubdomain(@Nullable String name) {
        if (name == null || name.isEmpty() || name.length() > 253) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
            boolean inner = (c == '-' || c == '.') && i > 0 && i < name.length() - 1;
            if (!letter && !inner) {
                return false;
            }
        }
        return true;
    }

    private static void checkLanguage(Resource resource, Findings findings) {
        String language = resource.annotations().getOrDefault(LANGUAGE, "CEXL");
        if (!language.equals("CEXL")) {
            findings.error(
                    "unsupported",
                    resource.place(),
                    "metadata.annotations." + LANGUAGE,
                    "expressions in " + language + " are not supported",
                    "write them in CEXL and remove the annotation");
        }
    }
}
