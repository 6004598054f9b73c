package dev.graft.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.graft.mapping.Finding.Kind;
import dev.graft.mapping.Finding.Severity;
import dev.graft.weights.DType;
import dev.graft.weights.Shape;
import dev.graft.weights.WeightArray;
import dev.graft.weights.WeightStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MappingCheckTest {
  private static final Needs WHOLE = Needs.wholeTable();

  /** Two layers and a scalar: enough for every rule. */
  private static final NameMapping TABLE =
      TableParser.parse(
          "my.table",
          "my.table",
          """
          net/a/kernel  a/w    reverse_input_channels  3,3,3,a
          net/a/bias    a/b    identity                a
          net/b/kernel  b[0]   dense_to_conv7          7,7,a,b
          net/b/bias    b[1]   identity                b
          net/scale     scale  identity                ()
          ignore step
          """);

  private static FakeStore file() {
    return new FakeStore("file.npy")
        .with("a/w", FakeArray.counting(3, 3, 3, 2))
        .with("a/b", FakeArray.counting(2))
        .with("b[0]", FakeArray.counting(98, 5))
        .with("b[1]", FakeArray.counting(5))
        .with("scale", FakeArray.counting());
  }

  private static List<String> errors(MappingReport report) {
    return report.errors().stream().map(MappingCheckTest::line).toList();
  }

  private static List<String> notes(MappingReport report) {
    return report.findings().stream()
        .filter(finding -> finding.severity() == Severity.NOTE)
        .map(MappingCheckTest::line)
        .toList();
  }

  private static String line(Finding finding) {
    return "%s %s %s: %s"
        .formatted(finding.kind(), finding.name(), finding.key(), finding.message());
  }

  private static List<String> errorsOf(FakeStore store) {
    return errors(TABLE.check(store, WHOLE, Set.of()));
  }

  @Test
  void mapsAStoreThatFits() {
    FakeStore file = file().with("step:0", FakeArray.zeros(DType.INT64));
    MappingReport report = TABLE.check(file, WHOLE, Set.of());
    assertThat(report.valid()).isTrue();
    assertThat(notes(report)).containsExactly("ignored  step:0: ignored, as the table says");
    assertThat(report.mapped())
        .contains(
            new MappedArray(
                "net/b/kernel",
                "file.npy",
                "b[0]",
                Transform.parse("dense_to_conv7"),
                Shape.of(7, 7, 2, 5)));
    WeightStore store = TABLE.apply(file, WHOLE, Set.of());
    assertThat(store.names()).isEqualTo(TABLE.graphNames());
    assertThat(store.source()).isEqualTo("file.npy");
    assertThat(store.contains("net/scale")).isTrue();
    assertThat(store.contains("scale")).isFalse();
    assertThat(store.get("net/b/kernel").shape()).isEqualTo(Shape.of(7, 7, 2, 5));
    assertThat(store.get("net/a/bias")).isSameAs(file.get("a/b"));
    assertThatThrownBy(() -> store.get("scale")).hasMessage("file.npy has no array scale");
    store.close();
    assertThat(file.closed()).isTrue();
  }

  @Test
  void readsKeysWithAndWithoutOutputIndex() {
    FakeStore file = file().without("a/b").with("a/b:0", FakeArray.counting(2));
    assertThat(TABLE.check(file, WHOLE, Set.of()).mapped())
        .anyMatch(array -> array.name().equals("net/a/bias") && array.key().equals("a/b:0"));
    assertThat(errorsOf(file.with("a/b", FakeArray.counting(2))))
        .containsExactly("duplicate  a/b: 'a/b:0' and 'a/b' are the same key");
  }

  @Test
  void reportsWhatIsMissingAndWhatIsTooMuch() {
    FakeStore file = file().without("scale").without("b[1]").with("scales", FakeArray.counting(1));
    assertThat(errorsOf(file))
        .containsExactly(
            "unexpected  scales: not in the table (did you mean 'scale'?); a table with the line"
                + " 'ignore scales' leaves it out",
            "missing net/b/bias b[1]: b[1] is not there, but b[0] of the same layer is: a layer"
                + " comes whole or not at all",
            "missing net/scale scale: needed, but not there: looked for scale in file.npy");
  }

  @Test
  void reportsEveryFindingAtOnce() {
    FakeStore file =
        file()
            .with("a/w", FakeArray.zeros(DType.FLOAT64, 3, 3, 3, 2))
            .with("a/b", FakeArray.counting(3))
            .with("b[0]", FakeArray.counting(100, 5))
            .with("b[1]", FakeArray.counting(5, 1))
            .with("scale", FakeArray.counting().with(0, Float.NaN))
            .with("more", FakeArray.counting(1));
    assertThat(errorsOf(file))
        .containsExactly(
            "unexpected  more: not in the table; a table with the line 'ignore more' leaves it out",
            "dtype net/a/kernel a/w: a/w is float64; expected float32. Nothing is cast unasked:"
                + " convert the file to float32 first",
            "shape net/b/kernel b[0]: b[0]: dense_to_conv7 takes [49·in, out], found [100, 5]: 100"
                + " is not a multiple of 49 (7×7)",
            "shape net/b/bias b[1]: b[1] is [5, 1]; expected [b]",
            "non-finite net/scale scale: 1 of the 1 values of scale is not finite; the first is NaN"
                + " at []",
            "symbol net/a/kernel a/w: the dimension a must be the same everywhere: 2 in"
                + " net/a/kernel (axis 3); 3 in net/a/bias (axis 0)");
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "FLOAT32")
  void takesNothingButFloat32(DType dtype) {
    FakeStore file = file().with("a/b", FakeArray.zeros(dtype, 2));
    assertThat(errorsOf(file))
        .containsExactly(
            "dtype net/a/bias a/b: a/b is "
                + dtype
                + "; expected float32. Nothing is cast unasked: convert the file to float32 first");
  }

  @Test
  void saysWhatATransformMadeOfAShape() {
    FakeStore file = file().with("b[0]", FakeArray.counting(49, 5));
    assertThat(errorsOf(file))
        .containsExactly(
            "symbol net/b/kernel b[0]: the dimension a must be the same everywhere: 2 in"
                + " net/a/kernel (axis 3), net/a/bias (axis 0); 1 in net/b/kernel (axis 2)");
    NameMapping fixed = TableParser.parse("t", "t", "n/kernel k dense_to_conv7 7,7,4,c");
    FakeStore narrow = new FakeStore("k.npy").with("k", FakeArray.counting(98, 5));
    assertThat(errors(fixed.check(narrow, WHOLE, Set.of())))
        .containsExactly(
            "shape n/kernel k: k is [98, 5], which dense_to_conv7 makes [7, 7, 2, 5]; expected [7,"
                + " 7, 4, c]");
  }

  @Test
  void refusesSwappedAndEmptyShapes() {
    FakeStore swapped =
        file().with("a/w", FakeArray.counting(2, 3, 3, 3)).with("b[1]", FakeArray.counting(0));
    assertThat(errorsOf(swapped))
        .containsExactly(
            "shape net/a/kernel a/w: a/w is [2, 3, 3, 3]; expected [3, 3, 3, a]",
            "shape net/b/bias b[1]: b[1] is [0]; expected [b]");
  }

  @Test
  void pointsAtTheFirstOfSeveralNonFiniteValues() {
    FakeStore file = file();
    FakeArray kernel = file.get("a/w").with(31, Float.NEGATIVE_INFINITY).with(40, Float.NaN);
    file.with("a/w", kernel);
    assertThat(errorsOf(file))
        .containsExactly(
            "non-finite net/a/kernel a/w: 2 of the 54 values of a/w are not finite; the first is"
                + " -Infinity at [1, 2, 0, 1]");
    List<String> asked = new ArrayList<>();
    ValueCheck none =
        (store, key) -> {
          asked.add(store.source() + " " + key);
          return false;
        };
    assertThat(TABLE.check(file, WHOLE, Set.of(), none).valid()).isTrue();
    assertThat(asked)
        .containsExactly(
            "file.npy a/w", "file.npy a/b", "file.npy b[0]", "file.npy b[1]", "file.npy scale");
    assertThat(TABLE.check(file, WHOLE, Set.of(), ValueCheck.NONE).valid()).isTrue();
  }

  @Test
  void leavesOutWhatIsExcluded() {
    FakeStore file = file().with("b[0]", FakeArray.zeros(DType.FLOAT64, 1)).without("b[1]");
    MappingReport report = TABLE.check(file, WHOLE, Set.of("net/b"));
    assertThat(report.valid()).isTrue();
    assertThat(report.excluded()).containsExactly("net/b/kernel");
    assertThat(notes(report)).containsExactly("excluded net/b : left out: kernel");
    assertThat(TABLE.apply(file, WHOLE, Set.of("net/b")).names())
        .containsExactly("net/a/kernel", "net/a/bias", "net/scale");
  }

  @Test
  void excludeTakesExactScopesThatMatchSomething() {
    MappingReport report = TABLE.check(file(), WHOLE, Set.of("net/scal"));
    assertThat(errors(report))
        .containsExactly(
            "no-match net/scal : the scope to exclude matches nothing (did you mean 'net/scale'?)");
    assertThat(report.mapped()).hasSize(5);
    MappingReport whole = TABLE.check(file(), WHOLE, Set.of("net"));
    assertThat(whole.valid()).isTrue();
    assertThat(whole.mapped()).isEmpty();
    assertThat(whole.excluded()).hasSize(5);
  }

  @Test
  void aScopeOfAPartialTableMustCoverSomethingInTheFile() {
    NameMapping graft = NameMapping.bundled("graft");
    FakeStore file =
        new FakeStore("head.npz")
            .with("fcn8s/score_fr/kernel", FakeArray.counting(1, 1, 4, 2))
            .with("fcn8s/score_fr/bias", FakeArray.counting(2));
    assertThat(errors(graft.check(file, WHOLE, Set.of("vgg16/fc8"))))
        .containsExactly("no-match vgg16/fc8 : the scope to exclude matches nothing");
    assertThat(graft.check(file, WHOLE, Set.of()).valid()).isTrue();
    assertThat(errors(graft.check(file.without("fcn8s/score_fr/bias"), WHOLE, Set.of())))
        .containsExactly(
            "missing fcn8s/score_fr/bias fcn8s/score_fr/bias: fcn8s/score_fr/bias is not there, but"
                + " fcn8s/score_fr/kernel of the same layer is: a layer comes whole or not at all");
  }

  @Test
  void comparesWithTheModel() {
    Needs needs =
        Needs.of(
            List.of(
                ParameterSpec.of("net/a/kernel"),
                new ParameterSpec("net/a/bias", Optional.of(Shape.of(4))),
                ParameterSpec.of("net/scale"),
                ParameterSpec.of("head/kernel")));
    MappingReport report = TABLE.check(file().without("scale"), needs, Set.of());
    assertThat(errors(report))
        .containsExactly(
            "unused net/b : the model has no place for kernel, bias; --exclude net/b leaves them"
                + " out",
            "shape net/a/bias a/b: a/b is [2] in the graph's layout; the model has [4]",
            "missing net/scale scale: needed, but not there: looked for scale in file.npy",
            "missing head/kernel : needed, but no table has it");
    Needs without = Needs.of(List.of(ParameterSpec.of("other/kernel")));
    assertThat(errors(TABLE.check(file(), without.initialising(List.of("other")), Set.of())))
        .containsExactly(
            "unused net : the model has no place for a/kernel, a/bias, b/kernel, b/bias, scale;"
                + " --exclude net leaves them out");
  }

  @Test
  void leavesToTheCallerWhatItInitialises() {
    Needs needs =
        Needs.of(
                List.of(
                    ParameterSpec.of("net/a/kernel"),
                    ParameterSpec.of("net/a/bias"),
                    ParameterSpec.of("net/b/kernel"),
                    ParameterSpec.of("net/b/bias"),
                    ParameterSpec.of("head/kernel")))
            .initialising(List.of("head"))
            .initialising(List.of("net/b"));
    FakeStore file = file();
    MappingReport report = TABLE.check(file, needs, Set.of("net/b", "net/scale"));
    assertThat(report.valid()).isTrue();
    assertThat(report.toInitialise()).containsExactly("net/b/kernel", "net/b/bias", "head/kernel");
    assertThat(notes(report)).contains("initialised head : in no source, initialised: head/kernel");
    assertThat(TABLE.check(file, needs, Set.of("net/scale")).toInitialise())
        .containsExactly("head/kernel");
    assertThat(
            errors(
                TABLE.check(
                    file, needs.initialising(List.of("net/c")), Set.of("net/scale", "net/a"))))
        .containsExactly(
            "missing net/a/kernel a/w: needed, but excluded",
            "missing net/a/bias a/b: needed, but excluded",
            "no-match net/c : the scope to initialise matches nothing");
  }

  @Test
  void namesTheTableThatFits() {
    FakeStore slim = FakeVgg.source("slim-vgg16");
    MappingReport wrong = NameMapping.bundled("tensorflow-vgg16").check(slim, WHOLE, Set.of());
    assertThat(errors(wrong))
        .hasSize(32 + 32 + 1)
        .contains(
            "no-match  : none of its 32 arrays is in the table: the bundled table slim-vgg16 has 32"
                + " of its 32 arrays");
    FakeStore deeper = FakeVgg.source("tensorflow-vgg19");
    assertThat(notes(NameMapping.bundled("tensorflow-vgg16").check(deeper, WHOLE, Set.of())))
        .containsExactly(
            "unexpected  : another table may be meant: the bundled table tensorflow-vgg19 has 38 of"
                + " its 38 arrays");
    assertThat(errors(NameMapping.bundled("graft").check(new FakeStore("e"), WHOLE, Set.of())))
        .containsExactly("no-match  : there is no array in it");
  }

  @Test
  void throwsTheWholeReport() {
    FakeStore file = file().without("scale").with("x", FakeArray.counting(1));
    assertThatThrownBy(() -> TABLE.apply(file, WHOLE, Set.of("net/b")))
        .isInstanceOfSatisfying(
            MappingException.class, e -> assertThat(e.report().errors()).hasSize(2))
        .hasMessage(
            """
            file.npy through the table my.table:
              error  unexpected  x          not in the table; a table with the line 'ignore x' leaves it out
              error  missing     net/scale  needed, but not there: looked for scale in file.npy
              note   excluded    net/b      left out: kernel, bias
            2 arrays mapped, 2 excluded, 2 problems""");
    assertThat(file.closed()).isFalse();
  }

  @Test
  void hasAMachineForm() {
    MappingReport report = TABLE.check(file().without("scale"), WHOLE, Set.of());
    assertThat(report.records()).hasSize(1);
    assertThat(report.records().get(0))
        .containsEntry("severity", "error")
        .containsEntry("kind", "missing")
        .containsEntry("source", "file.npy")
        .containsEntry("table", "my.table")
        .containsEntry("name", "net/scale")
        .containsEntry("key", "scale")
        .containsEntry("message", "needed, but not there: looked for scale in file.npy");
  }

  @Test
  void exportsOnlyWhatTheTableHas() {
    WeightStore graph = TABLE.apply(file(), WHOLE, Set.of());
    FakeStore store = new FakeStore("run");
    graph.names().forEach(name -> store.with(name, copy(graph.get(name))));
    store.with("head/kernel", FakeArray.counting(1)).with("head/bias", FakeArray.counting(1));
    assertThatThrownBy(() -> TABLE.export(store, Set.of("nothing")))
        .isInstanceOfSatisfying(
            MappingException.class,
            e ->
                assertThat(errors(e.report()))
                    .containsExactly(
                        "unexpected  head/kernel: not in the table; --exclude head leaves it out",
                        "unexpected  head/bias: not in the table; --exclude head leaves it out",
                        "no-match nothing : the scope to exclude matches nothing"));
    WeightStore exported = TABLE.export(store, Set.of("head", "net/scale"));
    assertThat(exported.names()).containsExactly("a/w", "a/b", "b[0]", "b[1]");
    assertThat(exported.get("b[0]").shape()).isEqualTo(Shape.of(98, 5));
    assertThat(FakeArray.bytesOf(exported.get("a/w"))).isEqualTo(file().get("a/w").bytes());
  }

  @Test
  void refusesToExportWhatDoesNotFit() {
    FakeStore store =
        new FakeStore("run")
            .with("net/a/kernel", FakeArray.counting(3, 3, 3, 2))
            .with("net/a/bias", FakeArray.counting(3))
            .with("net/b/kernel", FakeArray.counting(98, 5))
            .with("net/b/bias", FakeArray.zeros(DType.FLOAT16, 5));
    assertThatThrownBy(() -> TABLE.export(store, Set.of()))
        .isInstanceOfSatisfying(
            MappingException.class,
            e ->
                assertThat(e.report().errors())
                    .extracting(Finding::kind, Finding::name)
                    .containsExactly(
                        tuple(Kind.SHAPE, "net/b/kernel"),
                        tuple(Kind.DTYPE, "net/b/bias"),
                        tuple(Kind.SYMBOL, "net/a/kernel"),
                        tuple(Kind.MISSING, "net/scale")));
  }

  private static WeightArray copy(WeightArray array) {
    return FakeArray.of(array.shape(), FakeArray.valuesOf(array));
  }
}
