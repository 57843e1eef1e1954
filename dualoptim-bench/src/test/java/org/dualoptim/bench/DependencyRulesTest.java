package org.dualoptim.bench;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.Architectures;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The rules that keep the modules apart and the engine's traps in one place. */
class DependencyRulesTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("org.dualoptim");

  /** What says nothing about what is inside. */
  private static final Set<String> EMPTY_NAMES =
      Set.of("util", "utils", "common", "helper", "helpers", "manager", "impl");

  private static final Pattern EMPTY_ENDING =
      Pattern.compile(".*(Utils?|Common|Helpers?|Manager|Impl)");

  private static final DescribedPredicate<JavaClass> MAINS = named("mains", ".*Main");
  private static final DescribedPredicate<JavaClass> GUICE_MODULES = named("modules", ".*Module");

  private static DescribedPredicate<JavaClass> named(String description, String pattern) {
    return DescribedPredicate.describe(
        description, type -> outermost(type).getSimpleName().matches(pattern));
  }

  private static JavaClass outermost(JavaClass type) {
    return type.getEnclosingClass().map(DependencyRulesTest::outermost).orElse(type);
  }

  private static DescribedPredicate<JavaClass> in(String packages) {
    return JavaClass.Predicates.resideInAPackage(packages);
  }

  @Test
  void allModulesAreLookedAt() {
    assertThat(CLASSES.size()).isGreaterThan(80);
    for (String module : List.of("core", "eval", "vision", "bench")) {
      assertThat(CLASSES.that(in("org.dualoptim." + module + ".."))).as(module).isNotEmpty();
    }
  }

  @Test
  void modulesDependDownwardsOnlyAndDomainsNotOnEachOther() {
    Architectures.layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .withOptionalLayers(true)
        .layer("core")
        .definedBy("org.dualoptim.core..")
        .layer("eval")
        .definedBy("org.dualoptim.eval..")
        .layer("vision")
        .definedBy("org.dualoptim.vision..")
        .layer("diffusion")
        .definedBy("org.dualoptim.diffusion..")
        .layer("llm")
        .definedBy("org.dualoptim.llm..")
        .layer("bench")
        .definedBy("org.dualoptim.bench..")
        .whereLayer("eval")
        .mayOnlyBeAccessedByLayers("vision", "diffusion", "llm", "bench")
        .whereLayer("vision")
        .mayOnlyBeAccessedByLayers("bench")
        .whereLayer("diffusion")
        .mayOnlyBeAccessedByLayers("bench")
        .whereLayer("llm")
        .mayOnlyBeAccessedByLayers("bench")
        .whereLayer("bench")
        .mayNotBeAccessedByAnyLayer()
        .check(CLASSES);
  }

  @Test
  void packagesDoNotGoInCircles() {
    SlicesRuleDefinition.slices()
        .matching("org.dualoptim.(*).(*)..")
        .should()
        .beFreeOfCycles()
        .check(CLASSES);
  }

  @Test
  void onlyCommandsKnowTheCommandLine() {
    noClasses()
        .that(not(MAINS.or(in("org.dualoptim.core.cli..")).or(in("org.dualoptim.bench.."))))
        .should()
        .dependOnClassesThat(in("org.dualoptim.core.cli.."))
        .because("what runs trials serves programs that have no terminal")
        .check(CLASSES);
  }

  @Test
  void filesAndArraysKnowNothingOfWhatUsesThem() {
    noClasses()
        .that(in("org.dualoptim.core.io.."))
        .should()
        .dependOnClassesThat(in("org.dualoptim..").and(not(in("org.dualoptim.core.io.."))))
        .check(CLASSES);
    noClasses()
        .that(in("org.dualoptim.core.tensor.."))
        .should()
        .dependOnClassesThat(
            in("org.dualoptim..")
                .and(not(in("org.dualoptim.core.tensor..").or(in("org.dualoptim.core.io..")))))
        .check(CLASSES);
  }

  @Test
  void theEnginesNativeInterfaceIsTouchedInOnePackage() {
    noClasses()
        .that(not(in("org.dualoptim.core.tensor")))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("ai.djl.pytorch.jni..")
        .because("a version of DJL that changes it must break one package")
        .check(CLASSES);
  }

  @Test
  void djlsOwnTrainingIsNotUsed() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAPackage("ai.djl.training.optimizer..")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("ai.djl.training.EasyTrain")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("ai.djl.training.GradientCollector")
        .because("its optimizers are not torch's, and its collector is one for the whole JVM")
        .check(CLASSES);
  }

  @Test
  void onlyCommandsWriteToTheTerminal() {
    noClasses()
        .that(not(MAINS.or(in("org.dualoptim.core.cli.."))))
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .orShould()
        .callMethodWhere(target(nameMatching("printStackTrace")))
        .because("libraries never print")
        .check(CLASSES);
  }

  @Test
  void onlyMainsEndTheProcess() {
    noClasses()
        .that(not(MAINS.or(named("Interruption", "Interruption"))))
        .should()
        .callMethod(System.class, "exit", int.class)
        .orShould()
        .callMethod(Runtime.class, "exit", int.class)
        .orShould()
        .callMethod(Runtime.class, "halt", int.class)
        .because("a library that exits takes its user's program along")
        .check(CLASSES);
  }

  @Test
  void loggingGoesThroughSlf4j() {
    noClasses()
        .that()
        .areNotAssignableTo(DualOptimMain.class) // silences Guice
        .should()
        .dependOnClassesThat()
        .resideInAPackage("java.util.logging..")
        .check(CLASSES);
  }

  @Test
  void guiceStaysInModulesAndMains() {
    noClasses()
        .that(not(MAINS.or(GUICE_MODULES)))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("com.google.inject..")
        .because("what is injected says so with jakarta.inject")
        .check(CLASSES);
  }

  @Test
  void namesSayWhatIsInside() {
    Set<String> empty = new TreeSet<>();
    for (JavaClass type : CLASSES) {
      if (EMPTY_ENDING.matcher(type.getSimpleName()).matches()) {
        empty.add(type.getName());
      }
      for (String part : type.getPackageName().split("\\.")) {
        if (EMPTY_NAMES.contains(part)) {
          empty.add(type.getPackageName());
        }
      }
    }
    assertThat(empty).isEmpty();
  }

  /** javac keeps no class file for a package without annotations, so the sources are looked at. */
  @Test
  void everyPackageSaysWhatLivesInIt() throws IOException {
    Set<Path> packages = new TreeSet<>();
    try (Stream<Path> modules = Files.list(Path.of(".."))) {
      for (Path sources :
          modules
              .map(module -> module.resolve("src/main/java"))
              .filter(Files::isDirectory)
              .toList()) {
        try (Stream<Path> files = Files.walk(sources)) {
          files
              .filter(file -> file.toString().endsWith(".java"))
              .map(Path::getParent)
              .forEach(packages::add);
        }
      }
    }
    assertThat(packages).hasSizeGreaterThan(15);
    assertThat(packages).allMatch(folder -> Files.exists(folder.resolve("package-info.java")));
  }

  @Test
  void aPackageBelongsToOneModule() throws IOException {
    try (Stream<Path> modules = Files.list(Path.of(".."))) {
      List<Path> roots =
          modules
              .map(module -> module.resolve("src/main/java/org/dualoptim"))
              .filter(Files::isDirectory)
              .toList();
      assertThat(roots).hasSizeGreaterThan(3);
      for (Path root : roots) {
        String module = root.getName(1).toString().replace("dualoptim-", "");
        try (Stream<Path> children = Files.list(root)) {
          assertThat(children.map(child -> child.getFileName().toString()))
              .as(module)
              .containsExactly(module);
        }
      }
    }
  }
}
