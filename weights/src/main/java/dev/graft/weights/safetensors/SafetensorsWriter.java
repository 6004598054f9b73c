package dev.graft.weights.safetensors;

import dev.graft.weights.ContainerWriter;
import dev.graft.weights.WeightArray;
import dev.graft.weights.WeightStore;
import dev.graft.weights.WeightsException;
import dev.graft.weights.io.AtomicOutput;
import dev.graft.weights.io.Printable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;

/**
 * Writes safetensors files. The header has the store's order; the elements lie so that every array
 * begins at a multiple of its element's size, and at a multiple of {@link #ALIGNMENT} wherever the
 * sizes of the arrays allow that in a format without gaps.
 */
public final class SafetensorsWriter implements ContainerWriter {
  /** Where the elements begin is a multiple of this. */
  static final int ALIGNMENT = 64;

  @Override
  public String name() {
    return "safetensors";
  }

  @Override
  public String description() {
    return "Hugging Face safetensors";
  }

  @Override
  public List<String> extensions() {
    return List.of(".safetensors");
  }

  @Override
  public void write(Path destination, WeightStore store, LongConsumer progress) {
    check(store, destination);
    List<String> byPlace = new ArrayList<>(store.names());
    // What comes after arrays of multiples of 64 bytes begins at one, and so on down: an array's
    // size is a multiple of its element's.
    byPlace.sort(Comparator.comparingLong(name -> -evenness(store.get(name).byteSize())));
    byte[] header = header(store, byPlace);
    if (header.length > SafetensorsHeader.MAX_BYTES) {
      throw new WeightsException(
          destination
              + ": the header would have "
              + header.length
              + " bytes, safetensors allows "
              + SafetensorsHeader.MAX_BYTES);
    }
    try (AtomicOutput out = new AtomicOutput(destination, progress)) {
      out.write(
          ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(0, header.length));
      out.write(header);
      for (String name : byPlace) {
        out.write(store.get(name));
      }
      out.commit();
    }
  }

  private static void check(WeightStore store, Path destination) {
    if (store.names().size() > SafetensorsHeader.MAX_TENSORS) {
      throw new WeightsException(
          destination + ": more than " + SafetensorsHeader.MAX_TENSORS + " arrays");
    }
    for (String name : store.names()) {
      String array = destination + ": array " + Printable.of(name) + " cannot be written: ";
      if (name.equals(SafetensorsHeader.METADATA)) {
        throw new WeightsException(array + "safetensors keeps this name for itself");
      }
      if (!StandardCharsets.UTF_8.newEncoder().canEncode(name)) {
        throw new WeightsException(array + "its name has half a surrogate pair");
      }
      if (name.getBytes(StandardCharsets.UTF_8).length > SafetensorsHeader.MAX_NAME_BYTES) {
        throw new WeightsException(
            array + "its name has more than " + SafetensorsHeader.MAX_NAME_BYTES + " bytes");
      }
      WeightArray written = store.get(name);
      if (SafetensorsType.code(written.dtype()).isEmpty()) {
        throw new WeightsException(array + "safetensors has no dtype " + written.dtype());
      }
    }
  }

  /** The largest power of two, up to {@link #ALIGNMENT}, that divides a size. */
  private static long evenness(long size) {
    return size == 0 ? ALIGNMENT : Math.min(ALIGNMENT, Long.lowestOneBit(size));
  }

  private static byte[] header(WeightStore store, List<String> byPlace) {
    Map<String, Long> begins = new HashMap<>();
    long end = 0;
    for (String name : byPlace) {
      begins.put(name, end);
      end = Math.addExact(end, store.get(name).byteSize());
    }
    StringBuilder json = new StringBuilder("{");
    for (String name : store.names()) {
      WeightArray array = store.get(name);
      long begin = begins.get(name);
      json.append(json.length() == 1 ? "" : ",");
      quote(name, json);
      json.append(":{\"dtype\":\"").append(SafetensorsType.code(array.dtype()).orElseThrow());
      json.append("\",\"shape\":[");
      for (int axis = 0; axis < array.shape().rank(); axis++) {
        json.append(axis == 0 ? "" : ",").append(array.shape().dim(axis));
      }
      json.append("],\"data_offsets\":[").append(begin).append(',');
      json.append(begin + array.byteSize()).append("]}");
    }
    byte[] text = json.append('}').toString().getBytes(StandardCharsets.UTF_8);
    int padding = Math.floorMod(-(SafetensorsHeader.LENGTH_BYTES + text.length), ALIGNMENT);
    ByteBuffer padded = ByteBuffer.allocate(text.length + padding).put(text);
    while (padded.hasRemaining()) {
      padded.put((byte) ' ');
    }
    return padded.array();
  }

  private static void quote(String name, StringBuilder json) {
    json.append('"');
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (c < 0x20) {
        json.append(String.format("\\u%04x", (int) c));
      } else {
        json.append(c);
      }
    }
    json.append('"');
  }
}
