package dev.graft.containers;

/** A target that fails on inputs which only a fuzzer that sees branches finds in time. */
public final class PlantedBug {
  private PlantedBug() {}

  /** Called for every input. */
  public static void fuzzerTestOneInput(byte[] input) {
    // Branch by branch: each that is taken shows the way to the next.
    if (input.length > 4 && input[0] == 'g') {
      if (input[1] == 'R') {
        if (input[2] == 'a') {
          if (input[3] == 'F' && input[4] == 't') {
            throw new IllegalStateException("the planted bug");
          }
        }
      }
    }
  }
}
