package dev.exeat.it;

import dev.exeat.testkit.Case;
import dev.exeat.testkit.HelloCase;
import dev.exeat.testkit.HelloCases;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.Annotation;
import java.lang.classfile.AnnotationValue;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.RuntimeVisibleAnnotationsAttribute;
import java.lang.constant.ClassDesc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Which tests show which cases, as the compiled tests of all modules say by {@link Case}. */
final class CaseBindings {
    static final Pattern ID = Pattern.compile("[A-Z]\\d{2}");
    private static final ClassDesc CASE = ClassDesc.of(Case.class.getName());
    private static final ClassDesc HELLO_CASE = ClassDesc.of(HelloCase.class.getName());
    private static final ClassDesc CSV = ClassDesc.of("org.junit.jupiter.params.provider.CsvSource");

    private final SortedMap<String, SortedSet<String>> tests = new TreeMap<>();

    private CaseBindings() {}

    /** @param root the project's directory, all of whose modules have been built */
    static SortedMap<String, SortedSet<String>> of(Path root) {
        CaseBindings bindings = new CaseBindings();
        try (Stream<Path> modules = Files.list(root)) {
            for (Path module : modules.map(m -> m.resolve("target/test-classes"))
                    .filter(Files::isDirectory)
                    .toList()) {
                bindings.readAll(module);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bindings.tests;
    }

    private void readAll(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
                read(ClassFile.of().parse(file));
            }
        }
    }

    private void read(ClassModel type) {
        String name = type.thisClass().asSymbol().displayName();
        for (MethodModel method : type.methods()) {
            List<Annotation> annotations = method.findAttribute(Attributes.runtimeVisibleAnnotations())
                    .map(RuntimeVisibleAnnotationsAttribute::annotations)
                    .orElse(List.of());
            if (annotations.stream().anyMatch(a -> a.classSymbol().equals(CASE))) {
                for (String id : ids(method, annotations)) {
                    tests.computeIfAbsent(id, i -> new TreeSet<>())
                            .add(name + "#" + method.methodName().stringValue());
                }
            }
        }
    }

    private static List<String> ids(MethodModel method, List<Annotation> annotations) {
        List<String> ids = new ArrayList<>(values(annotations, CASE));
        if (method.methodTypeSymbol().parameterList().contains(HELLO_CASE)) {
            HelloCases.all().forEach(hello -> ids.add(hello.id()));
        }
        for (String row : values(annotations, CSV)) {
            String first = row.split(",", 2)[0].strip();
            if (ID.matcher(first).matches()) {
                ids.add(first);
            }
        }
        return ids;
    }

    /** The texts that an annotation of this type has as its value. */
    private static List<String> values(List<Annotation> annotations, ClassDesc type) {
        return annotations.stream()
                .filter(annotation -> annotation.classSymbol().equals(type))
                .flatMap(annotation -> annotation.elements().stream())
                .filter(element -> element.name().equalsString("value"))
                .flatMap(element -> ((AnnotationValue.OfArray) element.value()).values().stream())
                .map(value -> ((AnnotationValue.OfString) value).stringValue())
                .toList();
    }
}
