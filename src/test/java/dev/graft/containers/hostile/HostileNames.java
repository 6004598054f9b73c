package dev.graft.containers.hostile;

import dev.graft.containers.Npy;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/** Names that lead elsewhere, end early or paint the terminal. Reading makes no file of them. */
final class HostileNames implements HostileFiles {
  private static final byte[] SMALL = Npy.file("|u1", false, "(1,)", new byte[1]);

  /** Characters up to U+00FF are bytes: not all are UTF-8. */
  private static final String[] NAMES = {
    "",
    "..",
    "../../../../tmp/graft-escaped",
    "/tmp/graft-escaped",
    "..\\..\\graft-escaped",
    "C:\\graft-escaped",
    "con",
    "a\0b",
    "\0",
    "\n\r\t",
    "\u001b]0;title\u0007\u001b[2J",
    "\u00ed\u00a0\u0080",
    "\u00ff\u00fe",
    "\u00c0\u00ae\u00c0\u00ae/x",
    "\u00e2\u0080\u00ae gpj.npy",
    "nan",
    "x[",
    "x[-1]",
    "x[99999999999999999999]",
    "x[0][0]",
    "%s%n%d",
    "a/".repeat(5000),
  };

  @Override
  public void addTo(HostileCorpus corpus) throws IOException {
    for (int i = 0; i < NAMES.length; i++) {
      byte[] name = Npy.latin1(NAMES[i] + ".npy");
      corpus.harmless("name-" + i + ".npz", new RawZip().stored(name, 1 << 11, SMALL).finish());
      corpus.harmless("old-name-" + i + ".npz", new RawZip().stored(name, 0, SMALL).finish());
      // A broken array, so that the name stands in a message.
      byte[] broken = Npy.file("|u1", false, "(9,)", new byte[1]);
      corpus.refused("message-" + i + ".npz", new RawZip().stored(name, 1 << 11, broken).finish());
      corpus.harmless("key-" + i + ".npy", entry(NAMES[i], "K\u0001"));
      corpus.refused("message-" + i + ".npy", entry(NAMES[i], "N"));
    }
    corpus.refused("key-of-a-number.npy", new PickleBytes().add("}K\u0001K\u0001s").asObject());
    corpus.refused(
        "key-not-a-number.npy",
        new PickleBytes().add("}G\u007f\u00f8\0\0\0\0\0\0K\u0001s").asObject());
    corpus.refused("key-none.npy", new PickleBytes().add("}NK\u0001s").asObject());
    corpus.refused("key-tuple.npy", new PickleBytes().add("})K\u0001s").asObject());
    corpus.refused("key-itself.npy", new PickleBytes().add("}2K\u0001s").asObject());
    corpus.refused(
        "function-to-paint.npy", new PickleBytes().add("c\u001b[2J\n\u0007\n").asPickle());
  }

  private static byte[] entry(String name, String value) {
    ByteArrayOutputStream raw = new ByteArrayOutputStream();
    raw.writeBytes(Npy.latin1(name));
    return new PickleBytes().add("}X").number(raw.size(), 4).add(name).add(value + "s").asObject();
  }
}
