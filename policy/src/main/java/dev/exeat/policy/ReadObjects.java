package dev.exeat.policy;

import dev.exeat.model.ObjectKey;
import dev.exeat.model.Resource;
import dev.exeat.policy.ResourceReader.Reading;
import dev.exeat.policy.authorization.AuthorizationPolicy;
import dev.exeat.policy.egress.EgressPolicy;
import dev.exeat.policy.egress.HostSet;
import dev.exeat.policy.mixer.MixerObject;
import dev.exeat.policy.registry.ServiceEntry;
import dev.exeat.policy.routing.IstioGateway;
import dev.exeat.policy.routing.MeshObject;
import dev.exeat.policy.routing.VirtualService;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Objects as they were read, by kind.
 *
 * @param broken keys of those that could not be read
 */
record ReadObjects(
        List<MixerObject> mixer,
        List<ServiceEntry> serviceEntries,
        List<IstioGateway> gateways,
        List<VirtualService> virtualServices,
        List<MeshObject> meshObjects,
        List<AuthorizationPolicy> authorizationPolicies,
        List<EgressPolicy> egressPolicies,
        List<HostSet> hostSets,
        List<ObjectKey> broken) {

    /** @param judged in the order of the resources */
    static ReadObjects of(List<Resource> resources, List<JudgedObject> judged) {
        ReadObjects read = new ReadObjects(
                new ArrayList<>(),
                new ArrayList<>(),
                new ArrayList<>(),
                new ArrayList<>(),
                new ArrayList<>(),
                new ArrayList<>(),
                new ArrayList<>(),
                new ArrayList<>(),
                new ArrayList<>());
        for (int i = 0; i < resources.size(); i++) {
            switch (judged.get(i).reading()) {
                case Reading.OfMixer mixer -> read.mixer.add(mixer.object());
                case Reading.OfRegistry registry -> read.serviceEntries.add(registry.entry());
                case Reading.OfGateway gateway -> read.gateways.add(gateway.gateway());
                case Reading.OfRoutes routes -> read.virtualServices.add(routes.service());
                case Reading.OfMesh mesh -> read.meshObjects.add(mesh.object());
                case Reading.OfAuthorization authorization -> read.authorizationPolicies.add(authorization.policy());
                case Reading.OfEgress egress -> read.egressPolicies.add(egress.policy());
                case Reading.OfHosts hosts -> read.hostSets.add(hosts.set());
                case Reading.Broken _ -> read.broken.add(resources.get(i).key());
                case Reading.Other _ -> {}
            }
        }
        return read;
    }

    List<ObjectKey> broken(Predicate<ObjectKey> which) {
        return broken.stream().filter(which).toList();
    }
}
