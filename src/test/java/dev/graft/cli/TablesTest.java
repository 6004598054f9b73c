package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TablesTest {
  @Test
  void alignsTextToTheLeftAndNumbersToTheRight() {
    String table =
        new Tables()
            .text("name")
            .number("bytes")
            .text("shape")
            .row("vgg16/fc6/kernel", "392 MiB", "[7, 7, 512, 4096]")
            .row("b", 4, "[]")
            .render();

    assertThat(table)
        .isEqualTo(
            """
            name                bytes  shape
            ----------------  -------  -----------------
            vgg16/fc6/kernel  392 MiB  [7, 7, 512, 4096]
            b                       4  []
            """);
  }

  @Test
  void countsCharactersOutsideTheBasicPlaneOnce() {
    assertThat(new Tables().text("a").number("n").row("\ud835\udc9c", 1).render())
        .isEqualTo("a  n\n-  -\n\ud835\udc9c  1\n");
  }

  @Test
  void keepsControlCharactersFromTheTerminal() {
    assertThat(new Tables().text("a").row("x\u001b[2J\n").render())
        .endsWith("\nx\\u001b[2J\\u000a\n");
  }

  @Test
  void refusesARowThatDoesNotFitAndAColumnThatComesTooLate() {
    Tables table = new Tables().text("a").number("b");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> table.row("x"))
        .withMessage("a row of 1 cells in a table of 2 columns");
    table.row("x", 1);
    assertThatIllegalStateException().isThrownBy(() -> table.text("c"));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0 B",
    "1023, 1023 B",
    "1024, 1.0 KiB",
    "1536, 1.5 KiB",
    "10188, 9.9 KiB",
    "10200, 10 KiB",
    "1048063, 1023 KiB",
    "1048575, 1.0 MiB",
    "553430176, 528 MiB",
    "9223372036854775807, 8.0 EiB"
  })
  void showsSizesForPeople(long bytes, String shown) {
    assertThat(Tables.bytes(bytes)).isEqualTo(shown);
  }

  @Test
  void refusesANegativeSize() {
    assertThatIllegalArgumentException().isThrownBy(() -> Tables.bytes(-1));
  }
}
