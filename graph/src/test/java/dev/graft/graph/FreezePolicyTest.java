package dev.graft.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class FreezePolicyTest {
  private static final List<String> NAMES = ParameterShapes.names(Model.FCN8S);

  @Test
  void aNetworkAStageAndALayerAreScopes() {
    assertThat(FreezePolicy.of(List.of("vgg16")).frozen(NAMES)).hasSize(30);
    assertThat(FreezePolicy.of(List.of("vgg16/conv1")).frozen(NAMES))
        .containsExactly(
            "vgg16/conv1_1/bias",
            "vgg16/conv1_1/kernel",
            "vgg16/conv1_2/bias",
            "vgg16/conv1_2/kernel");
    assertThat(FreezePolicy.of(List.of("vgg16/fc6")).frozen(NAMES))
        .containsExactly("vgg16/fc6/bias", "vgg16/fc6/kernel");
    assertThat(FreezePolicy.of(List.of("fcn8s/score_pool3/bias")).frozen(NAMES))
        .containsExactly("fcn8s/score_pool3/bias");
    assertThat(FreezePolicy.NONE.frozen(NAMES)).isEmpty();
  }

  @Test
  void aPartOfANameIsNoScope() {
    for (String scope : List.of("vgg1", "vgg16/conv", "vgg16/conv1_", "vgg16/f", "fcn8s/score")) {
      assertThatThrownBy(() -> FreezePolicy.of(List.of("vgg16/fc7", scope)).frozen(NAMES))
          .isInstanceOf(GraphException.class)
          .hasMessageContaining("the scope '" + scope + "' has no parameter")
          .hasMessageContaining("the network's layers are fcn8s/score_fr");
    }
  }
}
