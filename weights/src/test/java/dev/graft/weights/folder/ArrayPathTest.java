package dev.graft.weights.folder;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArrayPathTest {
  private static String path(String name) {
    return String.join("/", ArrayPath.encode(name).orElseThrow());
  }

  private static String name(String path) {
    return List.of(path.substring(0, path.length() - 4).split("/", -1)).stream()
        .map(component -> ArrayPath.decodeComponent(component).orElseThrow())
        .collect(Collectors.joining("/"));
  }

  @ParameterizedTest
  @CsvSource({
    "vgg16/conv1_1/kernel, vgg16/conv1_1/kernel.npy",
    "conv1_1[0], conv1_1[0].npy",
    "vgg_16/fc6/weights:0, vgg_16/fc6/weights:0.npy",
    "features.0.weight, features.0.weight.npy",
    "'', %.npy",
    "/, %/%.npy",
    "a//b, a/%/b.npy",
    "%, %25.npy",
    "../x, %2E./x.npy",
    "., %2E.npy",
    ".git/x, %2Egit/x.npy",
    "a b\\c, a%20b%5Cc.npy",
    "\u00e9, %C3%A9.npy",
    "x.npy/y, x%2Enpy/y.npy",
    "x.npy, x.npy.npy",
  })
  void namesAsPathsAndBack(String name, String path) {
    assertThat(path(name)).isEqualTo(path);
    assertThat(name(path)).isEqualTo(name);
  }

  @Test
  void differentNamesHaveDifferentPaths() {
    Random random = new Random(8);
    String alphabet = "a.%/2E\u0000\u5927 np";
    Map<String, String> nameOf = new HashMap<>();
    for (int i = 0; i < 20_000; i++) {
      StringBuilder name = new StringBuilder();
      for (int length = random.nextInt(9); length > 0; length--) {
        name.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      String path = path(name.toString());
      assertThat(name(path)).isEqualTo(name.toString());
      assertThat(path).matches("[A-Za-z0-9._:\\[\\]%/-]+").doesNotContain("//");
      String before = nameOf.put(path, name.toString());
      assertThat(before).isIn(null, name.toString());
    }
  }

  @Test
  void whatIsNoEncodedText() {
    for (String broken : new String[] {"%2", "a%", "%zz", "%%", "%C3", "%C3%28", "%ED%A0%80"}) {
      assertThat(ArrayPath.decodeComponent(broken)).as(broken).isEmpty();
    }
    assertThat(ArrayPath.encode("\ud800")).isEmpty();
  }
}
