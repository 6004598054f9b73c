package dev.graft.weights.hdf5;

import dev.graft.weights.Golden;
import dev.graft.weights.WeightArray;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/** The files that h5py wrote, and places in them. */
final class Hdf5Files {
  private Hdf5Files() {}

  static Path file(String name) {
    return Golden.file("../edge/hdf5/" + name).normalize();
  }

  static byte[] bytes(String name) {
    try {
      return Files.readAllBytes(file(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What h5py wrote into a file: dtype, shape and bytes by name, in Keras' order if it has one. */
  static Map<String, String> truth(String file) throws IOException {
    Map<String, String> arrays = new LinkedHashMap<>();
    for (String line : Files.readAllLines(file("truth.txt"))) {
      String[] parts = line.split("\t", 3);
      if (parts[0].equals(file)) {
        arrays.put(parts[1], parts[2]);
      }
    }
    return arrays;
  }

  static String describe(WeightArray array) {
    String hex = HexFormat.of().formatHex(Golden.bytes(array));
    return array.dtype() + "\t" + array.shape() + "\t" + hex;
  }

  /** Where the nth run of these bytes begins, counted from 0. */
  static int find(byte[] bytes, String latin1, int nth) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    int at = -1;
    for (int i = 0; i <= nth; i++) {
      at = text.indexOf(latin1, at + 1);
      if (at < 0) {
        throw new IllegalArgumentException("there is no such text: " + latin1);
      }
    }
    return at;
  }
}
