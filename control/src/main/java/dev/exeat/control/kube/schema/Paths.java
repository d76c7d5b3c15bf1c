package dev.exeat.control.kube.schema;

/** Paths of fields as messages show them: {@code spec.ports[0].name}. */
final class Paths {
    private Paths() {}

    static String field(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    static String item(String path, int index) {
        return path + "[" + index + "]";
    }
}
