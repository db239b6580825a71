package dev.hone;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The direction of the dependencies, as the design draws it. */
class ArchitectureTest {
    /** Raised as the code grows: rules over classes that were not found hold trivially. */
    private static final int CLASSES_FLOOR = 500;

    private static final Pattern VAGUE = Pattern.compile(".*(Util|Utils|Helper|Helpers|Manager|Impl)\\b.*");

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.hone");

    @Test
    void enoughClassesWereSeen() {
        assertTrue(CLASSES.size() >= CLASSES_FLOOR, "only " + CLASSES.size() + " classes were seen");
        Set<String> packages = packages().stream().map(JavaPackage::getName).collect(Collectors.toSet());
        assertTrue(
                packages.containsAll(List.of("dev.hone.record", "dev.hone.train", "dev.hone.cli")),
                "modules are missing: " + packages);
    }

    @TestFactory
    List<DynamicTest> rules() {
        return List.of(
                rule(slices().matching("dev.hone.(*)..")
                        .should()
                        .beFreeOfCycles()
                        .because("data loops, imports do not")),
                rule(classes()
                        .that(in("dev.hone.record"))
                        .should()
                        .onlyDependOnClassesThat(in("dev.hone.record", "java..", "org.jspecify.."))
                        .because("records are plain data that every stage may see")),
                rule(classes()
                        .that(in("dev.hone.grade.."))
                        .should()
                        .onlyDependOnClassesThat(in(
                                "dev.hone.grade..",
                                "dev.hone.record",
                                "java..",
                                "org.jspecify..",
                                "tools.jackson..",
                                // A validator is a pure function of a schema and a text.
                                "com.networknt.schema.."))
                        .because("a grader is a pure function of a task and an output")),
                rule(classes()
                        .that(in("dev.hone.store.."))
                        .should()
                        .onlyDependOnClassesThat(in(
                                "dev.hone.store..",
                                "dev.hone.record",
                                // Of the JDK alone, like a record.
                                "dev.hone.file",
                                "java..",
                                "javax.sql..",
                                "org.jspecify..",
                                "tools.jackson..",
                                "org.postgresql..",
                                "org.duckdb..",
                                "com.zaxxer.hikari..",
                                "org.flywaydb..",
                                "org.apache.commons.compress..",
                                "org.tukaani.xz.."))
                        .because("the store is below every stage")),
                rule(noClasses()
                        .that(not(in("dev.hone.store..")))
                        .should()
                        .dependOnClassesThat(in(
                                "java.sql..",
                                "javax.sql..",
                                "org.postgresql..",
                                "org.duckdb..",
                                "com.zaxxer.hikari..",
                                "org.flywaydb.."))
                        .because("SQL is in the store alone")),
                rule(noClasses()
                        .that(not(in("dev.hone.tensor..", "dev.hone.model..", "dev.hone.train..", "dev.hone.sample..")))
                        .should()
                        .dependOnClassesThat(in("org.bytedeco.."))
                        .because("only the engine knows the native library")),
                rule(noClasses()
                        .that(in("dev.hone.algorithm..", "dev.hone.task..", "dev.hone.grade..", "dev.hone.evaluate.."))
                        .should()
                        .dependOnClassesThat(
                                in("dev.hone.tensor..", "dev.hone.model..", "dev.hone.train..", "dev.hone.sample.."))
                        .because("algorithms and evaluation are pure Java over the seam in record")),
                rule(noClasses()
                        .that(in("dev.hone.sample.."))
                        .should()
                        .dependOnClassesThat(in("dev.hone.train.."))
                        .because("generation does not know how weights came about")),
                rule(noClasses()
                        .that(not(in("dev.hone.api..", "dev.hone.capture.gateway..", "dev.hone.web.site..")))
                        .should()
                        .dependOnClassesThat(in("org.eclipse.jetty.."))
                        .because("HTTP stays at the edge")),
                rule(noClasses()
                        .that(not(in("dev.hone.api..", "dev.hone.serve..", "dev.hone.cli..")))
                        .should()
                        .dependOnClassesThat(in("dev.hone.api.."))
                        .because("what is served does not know its server")),
                rule(noClasses()
                        .that(not(in("dev.hone.cli..", "dev.hone")))
                        .should()
                        .dependOnClassesThat(in("dev.hone.cli.."))
                        .because("components do not know who calls them")),
                rule(noClasses()
                        .that(not(in("dev.hone", "dev.hone.cli..", "dev.hone.web..")))
                        .should()
                        .dependOnClassesThat(in("dev.hone.web.."))
                        .because("what is computed does not know how it is shown")),
                rule(noClasses()
                        .that(not(in("dev.hone", "dev.hone.cli..")))
                        .should()
                        .dependOnClassesThat(in("dev.hone"))
                        .because("components do not know the loop or the composition root")),
                rule(noClasses()
                        .that(not(in("dev.hone.cli..")))
                        .should(ACCESS_STANDARD_STREAMS)
                        .because("only commands speak to the terminal")));
    }

    @Test
    void nothingHasAVagueName() {
        List<String> vague = CLASSES.stream()
                .map(JavaClass::getName)
                .filter(name -> VAGUE.matcher(name).matches())
                .toList();
        assertEquals(List.of(), vague, "a name says what a thing is");
    }

    @Test
    void everyPackageIsNullMarkedAndDescribed() {
        List<String> unmarked = packages().stream()
                .filter(found -> !found.isAnnotatedWith(NullMarked.class))
                .map(JavaPackage::getName)
                .toList();
        assertEquals(List.of(), unmarked, "a package-info.java says a package's job and marks it @NullMarked");
    }

    private static Set<JavaPackage> packages() {
        return CLASSES.stream()
                .map(JavaClass::getPackage)
                .collect(Collectors.toCollection(
                        () -> new TreeSet<>(java.util.Comparator.comparing(JavaPackage::getName))));
    }

    private static DescribedPredicate<JavaClass> in(String... packages) {
        return resideInAnyPackage(packages);
    }

    private static DescribedPredicate<JavaClass> not(DescribedPredicate<JavaClass> predicate) {
        return DescribedPredicate.not(predicate);
    }

    private static DynamicTest rule(ArchRule rule) {
        return DynamicTest.dynamicTest(rule.getDescription(), () -> rule.check(CLASSES));
    }
}
