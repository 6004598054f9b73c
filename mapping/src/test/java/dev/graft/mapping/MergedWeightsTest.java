package dev.graft.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.weights.WeightStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MergedWeightsTest {
  private static final List<String> HEAD =
      List.of("fcn8s/score_fr/kernel", "fcn8s/score_fr/bias", "fcn8s/upscore2/kernel");

  private static Needs needs() {
    List<ParameterSpec> specs = new ArrayList<>();
    NameMapping.bundled("slim-vgg16").graphNames().stream()
        .filter(name -> !Scope.covers("vgg16/fc8", name))
        .forEach(name -> specs.add(ParameterSpec.of(name)));
    HEAD.forEach(name -> specs.add(ParameterSpec.of(name)));
    return Needs.of(specs);
  }

  private static FakeStore backbone() {
    return FakeVgg.source("slim-vgg16");
  }

  private static FakeStore head() {
    return new FakeStore("head.npz")
        .with("fcn8s/score_fr/kernel", FakeArray.counting(1, 1, 4, 2))
        .with("fcn8s/score_fr/bias", FakeArray.counting(2))
        .with("fcn8s/upscore2/kernel", FakeArray.counting(4, 4, 2, 2));
  }

  private static MergedWeights merge(
      Needs needs, Set<String> exclude, FakeStore backbone, FakeStore... others) {
    List<MergedWeights.Source> sources = new ArrayList<>();
    sources.add(new MergedWeights.Source(backbone, NameMapping.bundled("slim-vgg16")));
    for (FakeStore other : others) {
      sources.add(new MergedWeights.Source(other, NameMapping.bundled("graft")));
    }
    return MergedWeights.of(sources, needs, exclude, ValueCheck.ALL);
  }

  private static List<String> errors(MergedWeights merged) {
    return merged.report().errors().stream()
        .map(
            finding ->
                "%s %s [%s]: %s"
                    .formatted(finding.kind(), finding.name(), finding.source(), finding.message()))
        .toList();
  }

  @Test
  void aBackboneAndAHeadMakeAModel() {
    FakeStore backbone = backbone();
    FakeStore head = head();
    MergedWeights merged = merge(needs(), Set.of("vgg16/fc8"), backbone, head);
    assertThat(merged.report().valid()).isTrue();
    assertThat(merged.report().summary()).isEqualTo("33 arrays mapped, 2 excluded, 0 problems");
    assertThat(merged.report().toInitialise()).isEmpty();
    WeightStore store = merged.store();
    assertThat(store.source()).isEqualTo("slim-vgg16.npy + head.npz");
    assertThat(store.names()).hasSize(33).endsWith("fcn8s/upscore2/kernel");
    store.close();
    assertThat(backbone.closed()).isTrue();
    assertThat(head.closed()).isTrue();
  }

  @Test
  void aNameTwiceIsAnErrorThatNamesBothSources() {
    FakeStore more = new FakeStore("more.npz");
    more.with("vgg16/conv1_1/kernel", backbone().get("vgg_16/conv1/conv1_1/weights"));
    more.with("vgg16/conv1_1/bias", backbone().get("vgg_16/conv1/conv1_1/biases"));
    MergedWeights merged = merge(needs(), Set.of("vgg16/fc8"), backbone(), head(), more);
    assertThat(errors(merged))
        .containsExactly(
            "duplicate vgg16/conv1_1/kernel []: given by several sources:"
                + " vgg_16/conv1/conv1_1/weights in slim-vgg16.npy, vgg16/conv1_1/kernel in"
                + " more.npz",
            "duplicate vgg16/conv1_1/bias []: given by several sources:"
                + " vgg_16/conv1/conv1_1/biases in slim-vgg16.npy, vgg16/conv1_1/bias in"
                + " more.npz");
    assertThatThrownBy(merged::store)
        .isInstanceOf(MappingException.class)
        .hasMessageContaining("all sources together:\n  error  duplicate  vgg16/conv1_1/kernel");
  }

  @Test
  void whatOneSourceLacksAnotherMayGive() {
    FakeStore cut = backbone().without("vgg_16/fc7/weights").without("vgg_16/fc7/biases");
    FakeStore fc7 =
        new FakeStore("fc7.npz")
            .with("vgg16/fc7/kernel", backbone().get("vgg_16/fc7/weights"))
            .with("vgg16/fc7/bias", backbone().get("vgg_16/fc7/biases"));
    Set<String> exclude = Set.of("vgg16/fc8");
    assertThat(merge(needs(), exclude, cut, head(), fc7).report().valid()).isTrue();
    assertThat(errors(merge(needs(), exclude, cut, head())))
        .containsExactly(
            "missing vgg16/fc7/kernel []: needed, but not there: looked for vgg_16/fc7/weights in"
                + " slim-vgg16.npy, vgg16/fc7/kernel in head.npz",
            "missing vgg16/fc7/bias []: needed, but not there: looked for vgg_16/fc7/biases in"
                + " slim-vgg16.npy, vgg16/fc7/bias in head.npz");
    Needs initialised = needs().initialising(List.of("vgg16/fc7"));
    assertThat(merge(initialised, exclude, cut, head()).report().toInitialise())
        .containsExactly("vgg16/fc7/kernel", "vgg16/fc7/bias");
  }

  @Test
  void aHeadIsInitialisedWhereNoSourceGivesIt() {
    MergedWeights merged =
        merge(needs().initialising(List.of("fcn8s")), Set.of("vgg16/fc8"), backbone());
    assertThat(merged.report().valid()).isTrue();
    assertThat(merged.report().toInitialise()).isEqualTo(HEAD);
    MergedWeights given =
        merge(needs().initialising(List.of("fcn8s")), Set.of("vgg16/fc8"), backbone(), head());
    assertThat(given.report().valid()).isTrue();
    assertThat(given.report().toInitialise()).isEmpty();
  }

  @Test
  void aLayerGivenByHalfIsNeverInitialisedByHalf() {
    FakeStore half = head().without("fcn8s/score_fr/bias");
    Needs needs = needs().initialising(List.of("fcn8s"));
    assertThat(errors(merge(needs, Set.of("vgg16/fc8"), backbone(), half)))
        .containsExactly(
            "missing fcn8s/score_fr/bias [head.npz]: fcn8s/score_fr/bias is not there, but"
                + " fcn8s/score_fr/kernel of the same layer is: a layer comes whole or not at all");
  }

  @Test
  void withoutAModelEveryCompleteTableIsWantedWhole() {
    assertThat(merge(Needs.wholeTable(), Set.of(), backbone(), head()).report().valid()).isTrue();
    FakeStore cut = backbone().without("vgg_16/fc8/weights").without("vgg_16/fc8/biases");
    assertThat(errors(merge(Needs.wholeTable(), Set.of(), cut, head())))
        .hasSize(2)
        .allMatch(error -> error.startsWith("missing vgg16/fc8/"));
    assertThat(merge(Needs.wholeTable(), Set.of("vgg16/fc8"), cut, head()).report().valid())
        .isTrue();
  }

  @Test
  void refusesAParameterTwice() {
    List<ParameterSpec> twice = List.of(ParameterSpec.of("a/b"), ParameterSpec.of("a/b"));
    assertThatThrownBy(() -> Needs.of(twice))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the parameter is there twice: a/b");
  }

  @Test
  void scopesAreWholePathParts() {
    assertThat(Scope.covers("vgg16/fc8", "vgg16/fc8")).isTrue();
    assertThat(Scope.covers("vgg16/fc8", "vgg16/fc8/kernel")).isTrue();
    assertThat(Scope.covers("vgg16/fc8", "vgg16/fc80/kernel")).isFalse();
    assertThat(Scope.covers("vgg16/fc8", "vgg16/fc")).isFalse();
    assertThat(Scope.covers("vgg16/", "vgg16/fc8")).isFalse();
    assertThat(Scope.parent("vgg16/fc8/kernel")).isEqualTo("vgg16/fc8");
    assertThat(Scope.parent("scale")).isEmpty();
  }
}
