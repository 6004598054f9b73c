package dev.graft;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The borders of the modules, beyond what their POMs enforce. */
@AnalyzeClasses(packages = "dev.graft", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule arrowsGoOneWay =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("native")
          .definedBy("dev.graft.capi..")
          .layer("weights")
          .definedBy("dev.graft.weights..")
          .layer("mapping")
          .definedBy("dev.graft.mapping..")
          .layer("graph")
          .definedBy("dev.graft.graph..")
          .layer("train")
          .definedBy("dev.graft.train..")
          .layer("cli")
          .definedBy("dev.graft.cli..")
          .whereLayer("native")
          .mayOnlyBeAccessedByLayers("graph", "train", "cli")
          .whereLayer("weights")
          .mayOnlyBeAccessedByLayers("mapping", "graph", "train", "cli")
          .whereLayer("mapping")
          .mayOnlyBeAccessedByLayers("graph", "train", "cli")
          .whereLayer("graph")
          .mayOnlyBeAccessedByLayers("train", "cli")
          .whereLayer("train")
          .mayOnlyBeAccessedByLayers("cli")
          .whereLayer("cli")
          .mayNotBeAccessedByAnyLayer();

  @ArchTest
  static final ArchRule onlyTheNativeLayerUsesThePresets =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.graft.capi..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.tensorflow..");

  @ArchTest
  static final ArchRule onlyWeightsUsesNd4j =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.graft.weights..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.nd4j..");
}
