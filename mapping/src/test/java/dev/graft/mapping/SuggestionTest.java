package dev.graft.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.weights.DType;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SuggestionTest {
  private static Suggestion best(FakeStore store) {
    return NameMapping.suggest(store).get(0);
  }

  static List<String> tables() {
    return NameMapping.bundledNames();
  }

  @ParameterizedTest
  @MethodSource("tables")
  void everyTableIsSuggestedForItsOwnFiles(String table) {
    NameMapping mapping = NameMapping.bundled(table);
    for (int naming = 0; naming < Math.max(1, mapping.namings().size()); naming++) {
      int arrays = mapping.rows().size();
      String which = naming < mapping.namings().size() ? mapping.namings().get(naming) : "";
      String words = which.isEmpty() ? "" : "names of " + which + "; ";
      List<Suggestion> suggestions = NameMapping.suggest(FakeVgg.source(table, naming));
      // Nothing but the values tells BGR from RGB.
      assertThat(suggestions.get(0).table()).isEqualTo(table.replace("-rgb", ""));
      assertThat(suggestions)
          .contains(
              new Suggestion(
                  table, arrays, arrays, 0, true, words + "all " + arrays + " arrays fit"));
    }
  }

  @Test
  void shapesTellTheTablesOfTheSameNamesApart() {
    List<Suggestion> suggestions = NameMapping.suggest(FakeVgg.source("caffe-vgg16"));
    assertThat(suggestions.get(0).table()).isEqualTo("caffe-vgg16");
    Suggestion other =
        suggestions.stream()
            .filter(each -> each.table().equals("tensorflow-vgg16"))
            .findFirst()
            .orElseThrow();
    assertThat(other.fits()).isFalse();
    assertThat(other.matched()).isEqualTo(32);
    assertThat(other.words()).startsWith("18 of 32 arrays fit; conv1_1[0] is [2, 3, 3, 3]");
  }

  @Test
  void saysWhatIsMissingAndWhatIsTooMuch() {
    FakeStore store =
        FakeVgg.source("slim-vgg16")
            .without("vgg_16/fc8/weights")
            .without("vgg_16/fc8/biases")
            .with("global_step", FakeArray.zeros(DType.INT64))
            .with("a", FakeArray.counting(1))
            .with("b", FakeArray.counting(1))
            .with("c", FakeArray.counting(1));
    assertThat(best(store))
        .isEqualTo(
            new Suggestion(
                "slim-vgg16",
                30,
                32,
                3,
                false,
                "30 of 34 arrays fit; missing: vgg_16/fc8/weights, vgg_16/fc8/biases; not in the"
                    + " table: a, b and 1 more"));
  }

  @Test
  void dtypesDoNotMatter() {
    FakeStore store =
        new FakeStore("half.npz")
            .with("vgg16/fc8/kernel", FakeArray.zeros(DType.FLOAT16, 1, 1, 4, 2))
            .with("vgg16/fc8/bias", FakeArray.zeros(DType.FLOAT16, 2));
    assertThat(best(store).table()).isEqualTo("graft");
    assertThat(best(store).fits()).isTrue();
  }

  @Test
  void halfALayerOfAPartialTableIsNotAll() {
    FakeStore store = new FakeStore("x").with("vgg16/fc8/bias", FakeArray.counting(2));
    assertThat(best(store).words()).isEqualTo("1 of 1 arrays fit; missing: vgg16/fc8/kernel");
    assertThat(best(store).fits()).isFalse();
  }

  @Test
  void nothingIsSuggestedForOtherNames() {
    FakeStore store = new FakeStore("x").with("bert/pooler", FakeArray.counting(2));
    assertThat(NameMapping.suggest(store)).isEmpty();
    assertThat(NameMapping.suggest(new FakeStore("empty"))).isEmpty();
  }

  @Test
  void aReportPointsAtTheTableWhoseShapesFit() {
    MappingReport report =
        NameMapping.bundled("tensorflow-vgg16")
            .check(FakeVgg.source("caffe-vgg16"), Needs.wholeTable(), Set.of());
    assertThat(report.findings())
        .extracting(Finding::message)
        .contains(
            "another table may be meant: the bundled table caffe-vgg16 has 32 of its 32 arrays");
  }
}
