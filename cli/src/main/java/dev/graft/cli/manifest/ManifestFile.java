package dev.graft.cli.manifest;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.graft.cli.io.AtomicFiles;
import dev.graft.weights.WeightsException;
import dev.graft.weights.io.Printable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Manifests as files of JSON. */
public final class ManifestFile {
  /** What follows the name of the container. */
  public static final String SUFFIX = ".manifest.json";

  private static final long MAX_BYTES = 64 << 20;
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private ManifestFile() {}

  /** Where the manifest of a container is: beside it, {@code NAME.manifest.json}. */
  public static Path beside(Path container) {
    Path absolute = container.toAbsolutePath().normalize();
    return absolute.resolveSibling(absolute.getFileName() + SUFFIX);
  }

  /** Writes a manifest; the old one, if any, stays until the new one is whole. */
  public static void write(Path file, Manifest manifest) throws IOException {
    AtomicFiles.writeText(file, MAPPER.writeValueAsString(manifest) + "\n");
  }

  /**
   * Reads a manifest.
   *
   * @throws WeightsException where the file is none
   * @throws IOException where it cannot be read
   */
  public static Manifest read(Path file) throws IOException {
    long size = Files.size(file);
    if (size > MAX_BYTES) {
      throw new WeightsException(file + ": is no manifest: it has " + size + " bytes");
    }
    try {
      Manifest manifest = MAPPER.readValue(Files.readAllBytes(file), Manifest.class);
      if (manifest == null) {
        throw new WeightsException(file + ": is no manifest: it holds null");
      }
      return manifest;
    } catch (JsonProcessingException e) {
      throw new WeightsException(file + ": is no manifest: " + reason(e), e);
    }
  }

  private static String reason(JsonProcessingException e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String message =
        root instanceof JsonProcessingException json
            ? json.getOriginalMessage()
            : root.getMessage();
    JsonLocation at = e.getLocation();
    String place =
        at == null ? "" : " (line %d, column %d)".formatted(at.getLineNr(), at.getColumnNr());
    return (message == null
            ? "a value is null"
            : Printable.of(message.lines().findFirst().orElse("")))
        + place;
  }
}
