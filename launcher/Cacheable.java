import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/**
 * Rewrites the jars it is given so that a class cache takes their classes: it takes none from a signed jar (whose
 * signature nothing here checks), and none of a class file older than Java 7, for want of stack maps.
 */
final class Cacheable {
    private static final int FIRST_WITH_STACK_MAPS = ClassFile.JAVA_7_VERSION;

    private Cacheable() {}

    public static void main(String[] jars) throws IOException {
        for (String jar : jars) {
            Path rewritten = Path.of(jar + ".rewritten");
            rewrite(Path.of(jar), rewritten);
            Files.move(rewritten, Path.of(jar), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static void rewrite(Path from, Path to) throws IOException {
        try (JarFile jar = new JarFile(from.toFile(), false);
                URLClassLoader loader = new URLClassLoader(new URL[] {from.toUri().toURL()});
                JarOutputStream out = new JarOutputStream(Files.newOutputStream(to))) {
            ClassHierarchyResolver types = ClassHierarchyResolver.ofResourceParsing(loader);
            for (JarEntry entry : jar.stream().toList()) {
                if (entry.isDirectory() || isSignature(entry.getName())) {
                    continue;
                }
                byte[] content = jar.getInputStream(entry).readAllBytes();
                JarEntry copy = new JarEntry(entry.getName());
                copy.setTime(entry.getTime());
                out.putNextEntry(copy);
                if (entry.getName().equals(JarFile.MANIFEST_NAME)) {
                    withoutDigests(jar.getManifest()).write(out);
                } else {
                    out.write(entry.getName().endsWith(".class") ? refreshed(content, types) : content);
                }
            }
        }
    }

    private static boolean isSignature(String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        return upper.startsWith("META-INF/")
                && (upper.endsWith(".SF") || upper.endsWith(".RSA") || upper.endsWith(".DSA") || upper.endsWith(".EC"));
    }

    private static Manifest withoutDigests(Manifest signed) {
        Manifest plain = new Manifest(signed);
        plain.getEntries().clear();
        return plain;
    }

    private static byte[] refreshed(byte[] octets, ClassHierarchyResolver types) {
        ClassFile classFile = ClassFile.of(
                ClassFile.StackMapsOption.GENERATE_STACK_MAPS,
                ClassFile.ConstantPoolSharingOption.NEW_POOL,
                ClassFile.ClassHierarchyResolverOption.of(types));
        var model = classFile.parse(octets);
        if (model.majorVersion() >= FIRST_WITH_STACK_MAPS) {
            return octets;
        }
        // Method bodies are taken apart and built again, as only built ones get stack maps.
        return classFile.transformClass(
                model,
                ClassTransform.transformingMethodBodies(CodeTransform.ACCEPT_ALL)
                        .andThen(ClassTransform.endHandler(built -> built.withVersion(FIRST_WITH_STACK_MAPS, 0))));
    }
}
