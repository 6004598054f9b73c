package dev.graft.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.graft.mapping.Finding.Kind;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NamingsTest {
  private static final Needs WHOLE = Needs.wholeTable();

  private static final NameMapping TABLE =
      TableParser.parse(
          "my.table",
          "my.table",
          """
          namings new|old|older
          net/a/kernel  a/kernel|a_W|1  identity  2,a
          net/a/bias    a/bias|a_b|2    identity  a
          net/b/kernel  b/kernel|b_W|3  identity  a,b
          net/b/bias    b/bias|b_b|4    identity  b
          net/scale     scale           identity  ()
          """);

  private static FakeStore file(String... keys) {
    return new FakeStore("file.h5")
        .with(keys[0], FakeArray.counting(2, 3))
        .with(keys[1], FakeArray.counting(3))
        .with(keys[2], FakeArray.counting(3, 4))
        .with(keys[3], FakeArray.counting(4))
        .with("scale", FakeArray.counting());
  }

  private static List<String> errors(FakeStore file) {
    return TABLE.check(file, WHOLE, Set.of()).errors().stream()
        .map(finding -> finding.kind() + " " + finding.name() + ": " + finding.message())
        .toList();
  }

  @Test
  void readsEachNamingAndExportsTheFirst() {
    for (FakeStore file :
        List.of(
            file("a/kernel:0", "a/bias:0", "b/kernel:0", "b/bias:0"),
            file("a_W", "a_b", "b_W", "b_b"),
            file("1", "2", "3", "4"))) {
      assertThat(errors(file)).isEmpty();
      assertThat(TABLE.export(TABLE.apply(file, WHOLE, Set.of()), Set.of()).names())
          .containsExactly("a/kernel", "a/bias", "b/kernel", "b/bias", "scale");
    }
  }

  @Test
  void severalNamingsInOneFileAreOneFindingThatNamesBoth() {
    assertThat(errors(file("a_W:0", "a/bias", "b_W", "b_b")))
        .containsExactly(
            "mixed net/a/bias: 'a_W:0' is a name of old, 'a/bias' one of new: all names of a file"
                + " are of one naming");
    // One that is there twice, under both names.
    assertThat(errors(file("a_W", "a_b", "b_W", "b_b").with("a/kernel", FakeArray.counting(2, 3))))
        .containsExactly(
            "mixed net/a/kernel: 'a_W' is a name of old, 'a/kernel' one of new: all names of a file"
                + " are of one naming");
  }

  @Test
  void whatIsMissingIsNamedAsTheOthersAre() {
    assertThat(errors(file("1", "2", "3", "4").without("4").without("scale")))
        .containsExactly(
            "missing net/b/bias: 4 is not there, but 3 of the same layer is: a layer comes whole or"
                + " not at all",
            "missing net/scale: needed, but not there: looked for scale in file.h5");
    assertThat(errors(file("a_W", "a_b", "b_W", "b_b").without("b_W").without("b_b")))
        .containsExactly(
            "missing net/b/kernel: needed, but not there: looked for b_W in file.h5",
            "missing net/b/bias: needed, but not there: looked for b_b in file.h5");
  }

  @Test
  void aKeyThatAllNamingsShareDecidesNothing() {
    FakeStore file = new FakeStore("file.h5").with("scale", FakeArray.counting());
    assertThat(TABLE.check(file, WHOLE, Set.of()).errors())
        .extracting(Finding::kind, Finding::key)
        .contains(tuple(Kind.MISSING, "a/kernel"));
  }
}
