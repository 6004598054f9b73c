package dev.graft.weights.pickle;

import dev.graft.weights.WeightsException;
import dev.graft.weights.io.Printable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Which names of arrays a pickle can hold so that they are read back. */
public final class PickleNames {
  private PickleNames() {}

  /**
   * Refuses a name that could not be read back.
   *
   * @throws WeightsException where it is no Unicode text, or too long
   */
  public static void requireReadable(String name, Path destination) {
    String problem = null;
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(name)) {
      problem = " has half a surrogate pair";
    } else if (name.getBytes(StandardCharsets.UTF_8).length > PickleString.MAX_TEXT) {
      problem = " is longer than " + PickleString.MAX_TEXT + " bytes";
    }
    if (problem != null) {
      throw new WeightsException(destination + ": the name " + Printable.of(name) + problem);
    }
  }
}
