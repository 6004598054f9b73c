package dev.graft.cli.manifest;

import java.util.List;
import java.util.Objects;

/**
 * How a weight file was made, and what is in it. It has no date, so that the same work makes the
 * same manifest.
 *
 * @param manifest the version of this form, 1
 * @param tool what wrote it, with its version
 * @param source what was read
 * @param from the table of the source's names; null without one
 * @param to the table of the destination's names; null without one
 * @param options the other options of the conversion
 * @param arrays what the destination holds, in its order
 * @param destination what was written
 */
public record Manifest(
    int manifest,
    String tool,
    Container source,
    Table from,
    Table to,
    Options options,
    List<Array> arrays,
    Container destination) {
  /** The version of the form that is written and read. */
  public static final int VERSION = 1;

  public Manifest {
    if (manifest != VERSION) {
      throw new IllegalArgumentException(
          "manifest is " + manifest + "; version " + VERSION + " is read");
    }
    required(tool, "tool");
    required(source, "source");
    required(options, "options");
    required(destination, "destination");
    arrays = List.copyOf(required(arrays, "arrays"));
  }

  /**
   * A file, or several that belong together.
   *
   * @param name of the file or folder, or a checkpoint's prefix; without the folder it is in
   * @param format the container's format, as inspect shows it
   */
  public record Container(String name, String format, List<FileHash> files) {
    public Container {
      required(name, "name");
      required(format, "format");
      files = List.copyOf(required(files, "files"));
    }
  }

  /**
   * A name table.
   *
   * @param sha256 of its text
   */
  public record Table(String name, String sha256) {}

  /**
   * Options of the conversion.
   *
   * @param dtype that was cast to; null where nothing was cast
   */
  public record Options(String dtype, List<String> only, List<String> exclude) {}

  /**
   * An array.
   *
   * @param sha256 of its elements (C order, little-endian)
   */
  public record Array(String name, String dtype, List<Long> shape, String sha256) {
    public Array {
      required(name, "name");
      required(dtype, "dtype");
      required(sha256, "sha256");
      shape = List.copyOf(required(shape, "shape"));
    }
  }

  static <T> T required(T value, String name) {
    return Objects.requireNonNull(value, () -> "'" + name + "' is missing");
  }
}
