package dev.graft.cli;

import dev.graft.graph.GraphException;
import dev.graft.graph.Model;
import dev.graft.graph.ParameterShapes;
import dev.graft.mapping.Finding;
import dev.graft.mapping.MappedArray;
import dev.graft.mapping.MappingReport;
import dev.graft.mapping.NameMapping;
import dev.graft.mapping.Needs;
import dev.graft.mapping.ParameterSpec;
import dev.graft.mapping.Scope;
import dev.graft.weights.Shape;
import dev.graft.weights.WeightStore;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code graft check}: the mapping report of a weight file. */
@Command(
    name = "check",
    description = {
      "Check a weight file against a name table, and a model if one is given.",
      "Every finding is listed; nothing is loaded into a graph."
    },
    exitCodeList = {"0:valid", "1:not valid, or the file cannot be read", "2:wrong usage"},
    footer = {
      "Examples:",
      "  graft check vgg16.npy --map tensorflow-vgg16",
      "  graft check vgg_16.npy --map slim-vgg16 --model vgg16 --json",
      "  graft check vgg16.npy --map tensorflow-vgg16 --model fcn8s \\",
      "      --exclude vgg16/fc8 --init fcn8s"
    })
final class CheckCommand extends GraftCommand {
  @Parameters(paramLabel = "FILE", description = "A weight file, a RUN folder or a checkpoint.")
  private Path file;

  @Option(
      names = "--map",
      paramLabel = "TABLE",
      description = "Required: a bundled name table or a table's file.")
  private String map;

  @Option(
      names = "--model",
      paramLabel = "M",
      converter = ModelConverter.class,
      completionCandidates = ModelConverter.class,
      description = "Check for this model too: ${COMPLETION-CANDIDATES}.")
  private Model model;

  @Option(
      names = "--exclude",
      split = ",",
      hideParamSyntax = true,
      paramLabel = "SCOPE,…",
      description = "Scopes of graph names that are not wanted.")
  private List<String> exclude = List.of();

  @Option(
      names = "--init",
      split = ",",
      hideParamSyntax = true,
      paramLabel = "SCOPE,…",
      description = "Scopes that a training would initialise (its head's among them).")
  private List<String> init = List.of();

  @Option(
      names = "--classes",
      paramLabel = "N",
      description = "The number of classes that the model must have.")
  private Integer classes;

  @Option(names = "--json", description = "Print JSON instead of text.")
  private boolean json;

  @Override
  public Integer call() {
    require(
        map != null,
        "Missing required option: '--map=TABLE'; 'graft tables --suggest "
            + file
            + "' suggests one");
    require(model != null || init.isEmpty(), "--init needs --model");
    require(model != null || classes == null, "--classes needs --model");
    require(classes == null || classes > 0, "--classes must be at least 1, not " + classes);
    NameMapping mapping = NameTables.find(this, map);
    try (WeightStore store = WeightStore.open(file)) {
      MappingReport report = mapping.check(store, needs(), Set.copyOf(exclude));
      Optional<String> misfit = misfit(report);
      boolean valid = report.valid() && misfit.isEmpty();
      if (json) {
        out().println(Json.of(record(report, misfit, valid)));
      } else {
        print(report, misfit, valid);
      }
      return valid ? Main.SUCCESS : Main.FAILURE;
    }
  }

  private Needs needs() {
    if (model == null) {
      return Needs.wholeTable();
    }
    List<ParameterSpec> specs =
        ParameterShapes.names(model).stream().map(ParameterSpec::of).toList();
    return Needs.of(specs).initialising(init);
  }

  /** What the model says of the shapes, if it says no. */
  private Optional<String> misfit(MappingReport report) {
    // Without a layer the widths on both sides of it do not say whether they fit.
    boolean missing =
        report.errors().stream().anyMatch(finding -> finding.kind() == Finding.Kind.MISSING);
    if (model == null || missing) {
      return Optional.empty();
    }
    Map<String, Shape> shapes = new LinkedHashMap<>();
    for (MappedArray array : report.mapped()) {
      shapes.put(array.name(), array.shape());
    }
    try {
      ParameterShapes.resolve(model, shapes, classesToCheck(shapes));
      return Optional.empty();
    } catch (GraphException e) {
      return Optional.of(e.getMessage());
    }
  }

  private int classesToCheck(Map<String, Shape> shapes) {
    if (classes != null) {
      return classes;
    }
    boolean headGiven =
        shapes.keySet().stream().anyMatch(name -> Scope.covers(model.headScope(), name));
    // Without any weights of the head there is nothing that another number could contradict.
    return headGiven ? 0 : 1;
  }

  private void print(MappingReport report, Optional<String> misfit, boolean valid) {
    out().println(report.render());
    misfit.ifPresent(message -> out().println(message));
    if (hasStrangers(report)) {
      out().printf("'graft tables --suggest %s' suggests a table for it.%n", file);
    }
    if (onlyTheHeadIsMissing(report)) {
      out()
          .printf(
              "Only the head is missing, which train initialises: --init %s checks for that.%n",
              model.headScope());
    }
    out().println(valid ? "valid" : "not valid");
  }

  private static boolean hasStrangers(MappingReport report) {
    return report.errors().stream()
        .anyMatch(
            finding ->
                finding.kind() == Finding.Kind.UNEXPECTED
                    || (finding.kind() == Finding.Kind.NO_MATCH && finding.name().isEmpty()));
  }

  private boolean onlyTheHeadIsMissing(MappingReport report) {
    return model != null
        && !report.valid()
        && report.errors().stream()
            .allMatch(
                finding ->
                    finding.kind() == Finding.Kind.MISSING
                        && Scope.covers(model.headScope(), finding.name()));
  }

  private Map<String, Object> record(MappingReport report, Optional<String> misfit, boolean valid) {
    Map<String, Object> record = new LinkedHashMap<>();
    record.put("file", file.toString());
    record.put("table", map);
    record.put("model", model == null ? null : model.toString());
    record.put("valid", valid);
    record.put("mapped", report.mapped().stream().map(MappedArray::name).toList());
    record.put("excluded", report.excluded());
    record.put("initialised", report.toInitialise());
    record.put("findings", report.records());
    record.put("model_problem", misfit.orElse(null));
    return record;
  }
}
