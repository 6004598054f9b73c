package dev.graft.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.graph.AtomicFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A file with one JSON object a line, each with a {@code step}. */
final class MetricsLog implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;
  private final Writer writer;

  /**
   * Opens the file for appending, without the lines after a step: a resumed run writes them again.
   */
  MetricsLog(Path file, long lastStep) {
    this.file = file;
    try {
      if (Files.exists(file)) {
        AtomicFiles.write(file, until(file, lastStep));
      }
      writer = Files.newBufferedWriter(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private static String until(Path file, long lastStep) throws IOException {
    List<String> kept = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      try {
        if (JSON.readTree(line).path("step").asLong(Long.MAX_VALUE) <= lastStep) {
          kept.add(line + "\n");
        }
      } catch (JsonProcessingException halfALine) {
        // The last line of a process that was killed while writing it.
      }
    }
    return String.join("", kept);
  }

  /** Adds a line, and hands it to the operating system. */
  void write(Map<String, ?> values) {
    try {
      writer.write(JSON.writeValueAsString(values));
      writer.write('\n');
      writer.flush();
    } catch (IOException e) {
      throw failed(e);
    }
  }

  @Override
  public void close() {
    try {
      writer.close();
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private UncheckedIOException failed(IOException e) {
    return new UncheckedIOException("cannot write " + file + ": " + e.getMessage(), e);
  }
}
