package dev.exeat.control.access;

/**
 * What a caller wants to do, in the terms of Kubernetes' authorization: to an object, or to a path that is none.
 *
 * @param verb as {@code get}, {@code list}, {@code deletecollection}
 * @param resource the plural of the kind; empty for a path
 * @param namespace empty for all, or for what lies in none
 * @param name empty for all
 * @param path empty for objects
 */
public record Attributes(
        String verb, String group, String resource, String subresource, String namespace, String name, String path) {

    public static Attributes of(
            String verb, String group, String resource, String subresource, String namespace, String name) {
        return new Attributes(verb, group, resource, subresource, namespace, name, "");
    }

    public static Attributes ofPath(String verb, String path) {
        return new Attributes(verb, "", "", "", "", "", path);
    }

    /** The resource as rules name it. */
    String fullResource() {
        return subresource.isEmpty() ? resource : resource + "/" + subresource;
    }

    /** That the caller may not do this, in the words of Kubernetes. */
    public String refusal(Caller caller) {
        String user = "User " + Quoted.of(caller.user()) + " cannot " + verb;
        if (!path.isEmpty()) {
            return "forbidden: " + user + " path " + Quoted.of(path);
        }
        return (group.isEmpty() ? resource : resource + "." + group)
                + (name.isEmpty() ? "" : " " + Quoted.of(name))
                + " is forbidden: " + user + " resource " + Quoted.of(fullResource()) + " in API group "
                + Quoted.of(group)
                + (namespace.isEmpty() ? " at the cluster scope" : " in the namespace " + Quoted.of(namespace));
    }
}
