package dev.graft.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableParserTest {
  @TempDir private Path folder;

  @Test
  void readsVariablesDirectivesAndComments() throws IOException {
    NameMapping table =
        NameMapping.parse(
            file(
                """
                # A comment, and an empty line.

                net/fc6/kernel \t fc6[0]  dense_to_conv7  7,7,c5,fc6  # rows in H,W,C order
                net/fc6/bias      b#1:0   identity        fc6
                  net/scale       scale   identity        ()
                ignore step:0
                partial
                """));
    assertThat(table.rows())
        .containsExactly(
            Row.of(
                "net/fc6/kernel",
                "fc6[0]",
                Transform.parse("dense_to_conv7"),
                ShapePattern.parse("7,7,c5,fc6")),
            Row.of("net/fc6/bias", "b#1", Transform.identity(), ShapePattern.parse("fc6")),
            Row.of("net/scale", "scale", Transform.identity(), ShapePattern.parse("()")));
    assertThat(table.rows().get(0).pattern()).hasToString("[7, 7, c5, fc6]");
    assertThat(table.ignores("step")).isTrue();
    assertThat(table.partial()).isTrue();
  }

  @Test
  void reportsAllProblemsWithTheirLines() throws IOException {
    Path file =
        file(
            """
            net/a/kernel a[0] reverse_channels 3,3,3,c
            net/b/kernel b[0]
            net/a/kernel c[0] identity 3,,c
            net//d a[0]:0 identity 0
            net/e e dense_to_conv7 7,7,c
            ignore
            ignore e
            ignore x
            ignore x
            """);
    assertThatThrownBy(() -> NameMapping.parse(file))
        .isInstanceOf(TableException.class)
        .hasMessage(
            """
            FILE:1: unknown transform 'reverse_channels'
            FILE:2: expected 'graph-name source-key transform shape', 'ignore KEY', 'namings A|B' or 'partial'; found 2 fields: 'net/b/kernel b[0]'
            FILE:3: graph name 'net/a/kernel' is on line 1 already
            FILE:3: shape '3,,c' is not a list of positive numbers and symbols joined by commas, or (); found ''
            FILE:4: graph name 'net//d' is not a path such as vgg16/conv1_1/kernel
            FILE:4: source key 'a[0]' is on line 1 already
            FILE:4: shape '0' is not a list of positive numbers and symbols joined by commas, or (); found '0'
            FILE:5: dense_to_conv7 gives rank 4, but the shape 7,7,c has rank 3
            FILE:6: expected 'graph-name source-key transform shape', 'ignore KEY', 'namings A|B' or 'partial'; found 1 fields: 'ignore'
            FILE:9: ignored key 'x' is on line 8 already
            FILE:7: 'e' is ignored, but mapped on line 5"""
                .replace("FILE", file.toString()));
  }

  @Test
  void readsNamings() throws IOException {
    NameMapping table =
        NameMapping.parse(
            file(
                """
                namings new|old
                net/a/kernel  a/kernel:0|a_W:0  identity  3,c
                net/a/bias    a/bias            identity  c     # the same in both
                net/b/bias    b|b               identity  c
                """));
    assertThat(table.namings()).containsExactly("new", "old");
    assertThat(table.rows().get(0).keys()).containsExactly("a/kernel", "a_W");
    assertThat(table.rows().get(1).key(1)).isEqualTo("a/bias");
    assertThat(table.text()).startsWith("namings new|old\nnet/a/kernel").endsWith("c\n");
  }

  @Test
  void reportsAllProblemsOfNamings() throws IOException {
    Path file =
        file(
            """
            net/a/bias a|b identity c
            namings new
            namings new|new
            net/b/bias c|d|e identity c
            net/c/bias f| identity c
            net/d/bias g|h identity c
            net/e/bias h|i identity c
            ignore g
            """);
    assertThatThrownBy(() -> NameMapping.parse(file))
        .isInstanceOf(TableException.class)
        .hasMessage(
            """
            FILE:1: source key 'a|b' needs a line 'namings A|B' before it
            FILE:2: expected two or more different names joined by |, found 'new'
            FILE:3: the namings are on line 2 already
            FILE:4: source key 'c|d|e' has 3 parts; line 3 has 2 namings: new, new
            FILE:5: source key 'f|' has an empty part
            FILE:7: source key 'h' is on line 6 already
            FILE:8: 'g' is ignored, but mapped on line 6"""
                .replace("FILE", file.toString()));
    Path late = file("net/a/bias a identity c\nnamings new|old\n");
    assertThatThrownBy(() -> NameMapping.parse(late))
        .hasMessage(late + ":2: the namings have to stand before the first variable");
  }

  @Test
  void refusesAFileThatIsTooLargeForATable() throws IOException {
    Path file = folder.resolve("weights.npz");
    try (RandomAccessFile large = new RandomAccessFile(file.toFile(), "rw")) {
      large.setLength((16 << 20) + 1);
    }
    assertThatThrownBy(() -> NameMapping.parse(file))
        .isInstanceOf(TableException.class)
        .hasMessage(file + ": is no table: it has 16777217 bytes, a table at most 16777216");
  }

  @Test
  void refusesATableWithoutVariables() throws IOException {
    Path file = file("# nothing\npartial\n");
    assertThatThrownBy(() -> NameMapping.parse(file))
        .hasMessage(file + ":2: the table has no variable");
  }

  @Test
  void refusesWhatIsNotText() throws IOException {
    Path file = folder.resolve("weights.npy");
    Files.write(file, new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'});
    assertThatThrownBy(() -> NameMapping.parse(file))
        .isInstanceOf(TableException.class)
        .hasMessage(file + ": is not UTF-8 text");
    assertThatThrownBy(() -> NameMapping.parse(folder.resolve("none")))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("none cannot be read");
  }

  @Test
  void findsTablesByNameOrFile() throws IOException {
    assertThat(NameMapping.of("slim-vgg16").name()).isEqualTo("slim-vgg16");
    Path file = file("a/kernel a identity c\n");
    assertThat(NameMapping.of(file.toString()).graphNames()).isEqualTo(List.of("a/kernel"));
    assertThat(NameMapping.of(file.toString()).name()).isEqualTo(file.toString());
    assertThatThrownBy(() -> NameMapping.of("slim-vgg-16"))
        .isInstanceOf(TableException.class)
        .hasMessage(
            "no bundled table, and no file, is called 'slim-vgg-16' (did you mean 'slim-vgg16'?);"
                + " bundled are "
                + String.join(", ", NameMapping.bundledNames()));
    assertThatThrownBy(() -> NameMapping.bundled("../graft"))
        .isInstanceOf(TableException.class)
        .hasMessageStartingWith("no bundled table is called '../graft'");
  }

  private Path file(String text) throws IOException {
    return Files.write(folder.resolve("my.table"), text.getBytes(StandardCharsets.UTF_8));
  }
}
