package dev.graft.bench;

import dev.graft.capi.SessionOptions;
import dev.graft.capi.TensorFlow;
import java.util.Locale;

/** Where a network runs: the benchmark parameter {@code device}. */
enum Device {
  CPU,
  GPU;

  /** The device of this name in lower case. */
  static Device of(String label) {
    return valueOf(label.toUpperCase(Locale.ROOT));
  }

  /** Whether TensorFlow sees one. */
  boolean isPresent() {
    return TensorFlow.devices().stream().anyMatch(device -> device.type().equals(name()));
  }

  /**
   * How a session runs on it.
   *
   * @throws IllegalStateException where there is none
   */
  SessionOptions options() {
    if (this == GPU && !isPresent()) {
      throw new IllegalStateException(
          "device=gpu needs a GPU, and TensorFlow sees none on this machine: use -p device=cpu");
    }
    return SessionOptions.DEFAULT.withDeviceCpuOnly(this == CPU);
  }

  /** Its name as a parameter. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
