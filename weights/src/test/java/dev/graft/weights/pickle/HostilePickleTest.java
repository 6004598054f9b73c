package dev.graft.weights.pickle;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.weights.TestFiles;
import dev.graft.weights.UnsafeWeightsException;
import dev.graft.weights.WeightStore;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A pickle that wants more than data is refused with the name of what it wants, and where. */
class HostilePickleTest {
  @TempDir Path folder;

  private void assertRefused(String pickle, String wish, int at) {
    Path file = TestFiles.write(folder, "evil.npy", TestFiles.dictionary(pickle));
    assertThatThrownBy(() -> WeightStore.open(file))
        .isInstanceOf(UnsafeWeightsException.class)
        .hasMessage(
            file
                + ": refused: the pickle wants to "
                + wish
                + ", at byte "
                + (TestFiles.PICKLE_START + at)
                + "; only numpy's arrays are read");
  }

  @Test
  void systemCallsInAllProtocols() {
    assertRefused("cos\nsystem\n(S'echo pwned'\ntR.", "load \"os.system\"", 0);
    assertRefused("cposix\nsystem\n(S'echo pwned'\ntR.", "load \"posix.system\"", 0);
    assertRefused(
        "\u0080\u0002cposix\nsystem\nX\u0002\0\0\0ls\u0085R.", "load \"posix.system\"", 2);
    assertRefused(
        "\u0080\u0004\u0095\u001c\0\0\0\0\0\0\0\u008c\u0005posix\u0094\u008c\u0006system\u0094\u0093"
            + "\u0094\u008c\u0002ls\u0094\u0085\u0094R\u0094.",
        "load \"posix.system\"",
        28);
  }

  @Test
  void asPartOfAnArray() {
    String value = Pickles.sample() + "cbuiltins\neval\n";
    String pickle = Pickles.entry("x", value);
    assertRefused(pickle, "load \"builtins.eval\"", pickle.indexOf("cbuiltins"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "builtins\ngetattr",
        "numpy\nload",
        "numpy.core.multiarray\n_reconstruct2",
        "numpy.core\nmultiarray.scalar",
        "numpy\ncore.multiarray._reconstruct",
        "numpy.core.multiarray._reconstruct\n",
        "torch._utils\n_rebuild_tensor_v2",
        "collections\nOrderedDict.fromkeys",
        "\n",
      })
  void nothingNearTheAllowedNames(String global) {
    assertRefused("c" + global + "\n.", "load \"" + global.replace("\n", ".") + "\"", 0);
  }

  @Test
  void opcodesThatMakeObjects() {
    assertRefused("(ios\nsystem\n.", "load \"os.system\"", 1);
    assertRefused("(cnumpy\ndtype\no.", "carry out the opcode OBJ", 14);
    assertRefused("cnumpy\ndtype\n)\u0081.", "carry out the opcode NEWOBJ", 14);
    assertRefused("cnumpy\ndtype\n)}\u0092.", "carry out the opcode NEWOBJ_EX", 15);
    assertRefused("Pfile\n.", "carry out the opcode PERSID", 0);
    assertRefused("NQ.", "carry out the opcode BINPERSID", 1);
    assertRefused("\u0082\u0001.", "carry out the opcode EXT1", 0);
    assertRefused("\u0083\u0001\0.", "carry out the opcode EXT2", 0);
    assertRefused("\u0084\u0001\0\0\0.", "carry out the opcode EXT4", 0);
    assertRefused("\u0097.", "carry out the opcode NEXT_BUFFER", 0);
    assertRefused("\u0098.", "carry out the opcode READONLY_BUFFER", 0);
    assertRefused("cnumpy\nndarray\n)R.", "call numpy.ndarray, which is never called by numpy", 16);
  }

  @Test
  void absurdNamesDoNotBreakTheMessage() {
    String name = "a\u0007\u001b[31m\"" + "b".repeat(500);
    assertRefused(
        "cos\n" + name + "\n.",
        "load \"os.a\\u0007\\u001b[31m\\\"" + "b".repeat(109) + "\"... (511 characters)",
        0);
  }
}
