package dev.graft.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What Linux says of the processor.
 *
 * @param model such as {@code Intel(R) Xeon(R) Processor}; empty where it is not known
 * @param features such as {@code avx2}; empty where they are not known
 */
record CpuInfo(String model, Set<String> features) {
  /** Those that TensorFlow's and its convolutions' speed hangs on. */
  private static final List<String> OF_INTEREST =
      List.of(
          "sse4_2",
          "avx",
          "avx2",
          "fma",
          "f16c",
          "avx512f",
          "avx512_vnni",
          "avx512_bf16",
          "amx_tile");

  static CpuInfo read() {
    try {
      return parse(Files.readAllLines(Path.of("/proc/cpuinfo")));
    } catch (IOException e) {
      return new CpuInfo("", Set.of());
    }
  }

  /** Of the first processor in the lines of {@code /proc/cpuinfo}. */
  static CpuInfo parse(List<String> lines) {
    return new CpuInfo(
        value(lines, "model name"), new HashSet<>(List.of(value(lines, "flags").split("\\s+"))));
  }

  private static String value(List<String> lines, String key) {
    return lines.stream()
        .filter(line -> line.startsWith(key) && line.indexOf(':') > 0)
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse("");
  }

  /** The features of interest that it has, separated by blanks. */
  String notable() {
    return String.join(" ", OF_INTEREST.stream().filter(features::contains).toList());
  }

  /** Whether the features are known, and one is not among them. */
  boolean lacks(String feature) {
    return features.contains("fpu") && !features.contains(feature);
  }
}
