package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamePatternsTest {
  @ParameterizedTest
  @CsvSource({
    "vgg16/fc8, vgg16/fc8, true",
    "vgg16/fc8, vgg16/fc8/kernel, true",
    "vgg16/fc8, vgg16/fc80/kernel, false",
    "vgg16/*/bias, vgg16/fc8/bias, true",
    "*bias, vgg16/fc8/bias, true",
    "vgg16/conv?_1, vgg16/conv3_1, true",
    "vgg16/conv?_1, vgg16/conv3_1/kernel, true",
    "vgg16/conv?_1, vgg16/conv3_10/kernel, false",
    "*/fc8, vgg16/fc8/kernel, true",
    "conv1_1[0], conv1_1[0], true",
    "conv1_1[0], conv1_10, false",
    "conv*[1], conv5_3[1], true",
    "a.b, axb, false",
    "*, '', true",
  })
  void matchesNamesScopesAndPatterns(String pattern, String name, boolean expected) {
    assertThat(new NamePatterns(List.of(pattern)).match(name)).isEqualTo(expected);
  }

  @Test
  void knowsWhichMatchNothing() {
    NamePatterns patterns = new NamePatterns(List.of("a", "x*", "y"));
    assertThat(patterns.idle(List.of("a/b", "c"))).containsExactly("x*", "y");
    assertThat(patterns.among(List.of("c", "y", "a/b"))).containsExactly("y", "a/b");
    assertThatThrownBy(() -> patterns.requireMatches("--only", List.of("a"), "f.npz"))
        .isInstanceOf(Failures.Failed.class)
        .hasMessage("--only x*,y matches no array of f.npz");
  }
}
