package dev.graft.weights.pickle;

import dev.graft.weights.FileFormat;
import dev.graft.weights.Shape;
import dev.graft.weights.WeightArray;
import dev.graft.weights.WeightStore;
import dev.graft.weights.WeightStores;
import dev.graft.weights.io.MappedFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A file that is the pickle of a dictionary of numpy arrays, laid out as in a dictionary .npy. Old
 * PyTorch files begin with a pickle too: their format has to be asked first.
 */
public final class PickleFormat implements FileFormat {
  /**
   * How a dictionary begins in the protocols without a mark of their own: protocol 0's and 1's
   * empty one, and an OrderedDict.
   */
  private static final Pattern EARLY_DICTIONARY =
      Pattern.compile(
          "(\\(dp[0-9]+\n|\\}q[\\x00-\\xff]|ccollections\nOrderedDict\n).*", Pattern.DOTALL);

  private static final int HIGHEST_PROTOCOL = 5;
  private static final int LONGEST_BEGINNING = 40;

  @Override
  public String name() {
    return "pickle";
  }

  @Override
  public boolean matches(Path path, ByteBuffer head) {
    if (head.limit() < 2) {
      return false;
    }
    if ((head.get(0) & 0xff) == 0x80) {
      return head.get(1) >= 2 && head.get(1) <= HIGHEST_PROTOCOL;
    }
    byte[] start = new byte[Math.min(LONGEST_BEGINNING, head.limit())];
    head.get(0, start);
    return EARLY_DICTIONARY.matcher(new String(start, StandardCharsets.ISO_8859_1)).matches();
  }

  @Override
  public WeightStore open(MappedFile file) {
    Object dictionary = Unpickler.load(file, 0);
    PyArray root = new PyArray(new PyArray.Objects(Shape.of(), List.of(dictionary)));
    Map<String, WeightArray> arrays = DictionaryLayout.arrays(root, file.source());
    return WeightStores.of(arrays, file.source(), file::close);
  }
}
