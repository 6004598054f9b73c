package dev.graft.containers.hostile;

import dev.graft.containers.Npy;
import java.io.IOException;

/** Headers of .npy that overflow, nest, or promise what no file has. */
final class AbsurdNpy implements HostileFiles {
  @Override
  public void addTo(HostileCorpus corpus) throws IOException {
    addShapes(corpus);
    addHeaders(corpus);
    addDtypes(corpus);
  }

  private static void addShapes(HostileCorpus corpus) throws IOException {
    String[] shapes = {
      "(65536, 65536, 65536, 65536)",
      "(65536, 65536, 65536, 65536, 65536)",
      "(9223372036854775807,)",
      "(9223372036854775807, 2)",
      "(4611686018427387904, 1)",
      "(18446744073709551617,)",
      "(-1,)",
      "(-1, -1)",
      "(2, -0x2)",
      "(1e3,)",
      "(True,)",
      "(1, (2, 3))",
      "[2, 3]",
      "2",
      "()()",
      "(nan,)",
      "(" + "9".repeat(60_000) + ",)",
      "(" + "1, ".repeat(10_000) + ")",
      "(" + "1, ".repeat(65) + ")",
      "(".repeat(30_000) + ")".repeat(30_000),
      "(" + "-".repeat(60_000) + "1,)",
      "(" + "0".repeat(60_000) + "1, -1)",
    };
    for (int i = 0; i < shapes.length; i++) {
      corpus.refused("shape-" + i + ".npy", Npy.file("<f4", false, shapes[i], new byte[8]));
    }
    corpus.harmless(
        "shape-of-most-and-none.npy", Npy.file("<f4", true, "(9223372036854775807, 0)"));
  }

  private static void addHeaders(HostileCorpus corpus) throws IOException {
    String magic = "\u0093NUMPY";
    corpus.refused("header-of-4-gib.npy", Npy.latin1(magic + "\u0002\0\u00ff\u00ff\u00ff\u00ff{"));
    corpus.refused("header-of-2-gib.npy", Npy.latin1(magic + "\u0003\0\u00ff\u00ff\u00ff\u007f{"));
    corpus.refused("header-of-nothing.npy", Npy.latin1(magic + "\u0001\0\0\0"));
    corpus.refused("version-255.npy", Npy.latin1(magic + "\u00ff\u00ff\u0004\0{}  "));
    String[] headers = {
      "{'a': ".repeat(8000),
      "{" + "'descr': '<f4', ".repeat(3000) + "}",
      "{'descr': '" + "\\".repeat(60_000),
      "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'x': 1}",
      "{'descr': '<f4', 'fortran_order': False}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (2,)} + exit()",
      "__import__('os').system('echo')",
      "\0".repeat(60_000),
      " ".repeat(60_000),
      "{'descr': '\u001b]0;title\u0007', 'fortran_order': False, 'shape': (2,), }",
      "{'descr': '<f4', '\u001b[2J': False, 'shape': (2,), }",
    };
    for (int i = 0; i < headers.length; i++) {
      corpus.refused("header-" + i + ".npy", Npy.file(headers[i], new byte[8]));
    }
  }

  private static void addDtypes(HostileCorpus corpus) throws IOException {
    String[] dtypes = {
      "<f999999999999",
      "|V4294967295",
      "|S9223372036854775807",
      "<U2147483647",
      "<f0",
      "<i-4",
      "(65536,65536)<f4",
      "<M8[ns]",
      "O",
      "|O8",
      "<f4,<f4",
      "\u00ff",
      "",
      "f",
    };
    for (int i = 0; i < dtypes.length; i++) {
      corpus.refused("dtype-" + i + ".npy", Npy.file(dtypes[i], false, "(2,)", new byte[8]));
    }
    corpus.refused(
        "dtype-structured.npy",
        Npy.file(
            "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,), }", new byte[8]));
  }
}
