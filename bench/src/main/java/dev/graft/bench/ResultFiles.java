package dev.graft.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.options.Options;

/**
 * Where the results of a run go.
 *
 * @param raw every measurement, in JMH's format
 * @param summary for people, beside it
 */
record ResultFiles(Path raw, Path summary) {
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH-mm-ss", Locale.ROOT);

  /**
   * The files that {@code -rff} asks for: a file, or a dated one in a folder that is there or ends
   * in a slash. Without it, a dated one in the default folder.
   */
  static ResultFiles of(Options options, ResultFormatType format, Path folder, ZonedDateTime now)
      throws IOException {
    String stamp = STAMP.format(now);
    String dated = stamp + "." + format.name().toLowerCase(Locale.ROOT);
    Path raw = folder.resolve(dated);
    if (options.getResult().hasValue()) {
      String chosen = options.getResult().get();
      raw = Path.of(chosen);
      if (chosen.endsWith("/") || Files.isDirectory(raw)) {
        raw = raw.resolve(dated);
      }
    }
    Files.createDirectories(raw.toAbsolutePath().getParent());
    String name = raw.getFileName().toString();
    int dot = name.lastIndexOf('.');
    String stem = dot > 0 ? name.substring(0, dot) : name;
    return new ResultFiles(raw, raw.resolveSibling(stem + ".summary.md"));
  }
}
