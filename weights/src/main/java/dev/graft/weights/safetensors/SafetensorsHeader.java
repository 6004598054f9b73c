package dev.graft.weights.safetensors;

import dev.graft.weights.MalformedWeightsException;
import dev.graft.weights.OtherEntry;
import dev.graft.weights.io.MappedFile;
import dev.graft.weights.io.Printable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The header of a safetensors file, checked: its tensors cover the bytes after it without a gap or
 * an overlap.
 *
 * @param tensors in the header's order, which need not be that of their bytes
 * @param dataStart offset of the first byte after the header
 */
record SafetensorsHeader(List<Tensor> tensors, List<OtherEntry> metadata, long dataStart) {
  static final int LENGTH_BYTES = Long.BYTES;

  /** The reference's limit. */
  static final long MAX_BYTES = 100_000_000;

  static final String METADATA = "__metadata__";
  static final int MAX_TENSORS = 100_000;
  static final int MAX_NAME_BYTES = 4096;

  /** Of all names together: ten times what the largest published models have. */
  private static final long MAX_NAME_CHARS = 1 << 24;

  static SafetensorsHeader read(MappedFile file) {
    String source = file.source();
    if (file.length() < LENGTH_BYTES) {
      throw new MalformedWeightsException(
          source + ": truncated: " + file.length() + " bytes, the header's length alone has 8");
    }
    ByteBuffer prelude = ByteBuffer.allocate(LENGTH_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    file.read(0, prelude);
    long length = prelude.getLong(0);
    if (length < 0 || length > MAX_BYTES) {
      throw new MalformedWeightsException(
          source
              + ": a header of "
              + Long.toUnsignedString(length)
              + " bytes, expected at most "
              + MAX_BYTES);
    }
    long dataStart = LENGTH_BYTES + length;
    if (dataStart > file.length()) {
      throw new MalformedWeightsException(
          String.format(
              "%s: truncated: ends at byte %d, inside the header, which reaches to byte %d",
              source, file.length(), dataStart));
    }
    SafetensorsHeader header = parse(file, dataStart);
    header.checkTiles(file);
    return header;
  }

  private static SafetensorsHeader parse(MappedFile file, long dataStart) {
    String source = file.source();
    JsonReader in = new JsonReader(file, LENGTH_BYTES, dataStart, source);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    List<OtherEntry> metadata = null;
    long nameChars = 0;
    in.beginObject();
    for (boolean first = true; in.hasNextKey(first); first = false) {
      String key = in.key(MAX_NAME_BYTES);
      if (key.equals(METADATA)) {
        if (metadata != null) {
          throw twice(source, key);
        }
        metadata = Entries.read(in, METADATA, source, true);
      } else {
        nameChars += key.length();
        if (tensors.size() == MAX_TENSORS || nameChars > MAX_NAME_CHARS) {
          throw new MalformedWeightsException(
              String.format(
                  "%s: more than %d tensors, or than %d characters of names, at byte %d",
                  source, MAX_TENSORS, MAX_NAME_CHARS, in.position()));
        }
        if (tensors.put(key, TensorEntry.read(in, key, source)) != null) {
          throw twice(source, key);
        }
      }
    }
    if (!in.isAtEnd()) {
      throw in.error("something after the header's object");
    }
    return new SafetensorsHeader(
        List.copyOf(tensors.values()), metadata == null ? List.of() : metadata, dataStart);
  }

  private static MalformedWeightsException twice(String source, String key) {
    return new MalformedWeightsException(
        source + ": the header has the key " + Printable.of(key) + " twice");
  }

  private void checkTiles(MappedFile file) {
    List<Tensor> byPlace = new ArrayList<>(tensors);
    byPlace.sort(Comparator.comparingLong(Tensor::begin).thenComparingLong(Tensor::end));
    long covered = 0;
    for (Tensor tensor : byPlace) {
      if (tensor.begin() != covered) {
        throw new MalformedWeightsException(
            String.format(
                "%s: tensor %s begins at byte %d of the data, expected %d, where the one before it"
                    + " ends",
                file.source(), Printable.of(tensor.name()), tensor.begin(), covered));
      }
      covered = tensor.end();
    }
    long available = file.length() - dataStart;
    if (covered > available) {
      throw new MalformedWeightsException(
          String.format(
              "%s: truncated: ends at byte %d, but its tensors' %d bytes begin at byte %d",
              file.source(), file.length(), covered, dataStart));
    }
    if (covered < available) {
      throw new MalformedWeightsException(
          String.format(
              "%s: %d trailing bytes: its tensors end at byte %d, the file at byte %d",
              file.source(), available - covered, dataStart + covered, file.length()));
    }
  }
}
