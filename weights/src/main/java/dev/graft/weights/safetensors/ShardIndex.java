package dev.graft.weights.safetensors;

import dev.graft.weights.MalformedWeightsException;
import dev.graft.weights.OtherEntry;
import dev.graft.weights.UnsafeWeightsException;
import dev.graft.weights.io.MappedFile;
import dev.graft.weights.io.Printable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What an index file says: which file of its folder holds which tensor.
 *
 * @param shardOf file name by tensor name, in the index's order
 */
record ShardIndex(Map<String, String> shardOf, List<OtherEntry> metadata) {
  private static final String WEIGHT_MAP = "weight_map";
  private static final int MAX_FILE_NAME_BYTES = 255;
  private static final int MAX_KEY_BYTES = 64;

  /** Whether a file begins as a JSON object, in whose first bytes there is the key of an index. */
  static boolean isIndex(ByteBuffer head) {
    byte[] bytes = new byte[head.limit()];
    head.get(0, bytes);
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    return text.stripLeading().startsWith("{") && text.contains("\"" + WEIGHT_MAP + "\"");
  }

  static ShardIndex read(MappedFile file) {
    String source = file.source();
    if (file.length() > SafetensorsHeader.MAX_BYTES) {
      throw new MalformedWeightsException(
          String.format(
              "%s: an index of %d bytes, expected at most %d",
              source, file.length(), SafetensorsHeader.MAX_BYTES));
    }
    JsonReader in = new JsonReader(file, 0, file.length(), source);
    Map<String, String> shardOf = null;
    List<OtherEntry> metadata = null;
    in.beginObject();
    for (boolean first = true; in.hasNextKey(first); first = false) {
      String key = in.key(MAX_KEY_BYTES);
      boolean second;
      switch (key) {
        case WEIGHT_MAP -> {
          second = shardOf != null;
          shardOf = weightMap(in, source);
        }
        case "metadata" -> {
          second = metadata != null;
          metadata = Entries.read(in, key, source, false);
        }
        default ->
            throw new MalformedWeightsException(
                source + ": the index has the unknown key " + Printable.of(key));
      }
      if (second) {
        throw twice(source, key);
      }
    }
    if (!in.isAtEnd()) {
      throw in.error("something after the index's object");
    }
    if (shardOf == null) {
      throw new MalformedWeightsException(source + ": the index has no key \"weight_map\"");
    }
    return new ShardIndex(shardOf, metadata == null ? List.of() : metadata);
  }

  private static Map<String, String> weightMap(JsonReader in, String source) {
    Map<String, String> shardOf = new LinkedHashMap<>();
    in.beginObject();
    for (boolean first = true; in.hasNextKey(first); first = false) {
      String tensor = in.key(SafetensorsHeader.MAX_NAME_BYTES);
      String shard = in.string(MAX_FILE_NAME_BYTES);
      refusePath(shard, tensor, source);
      if (shardOf.size() == SafetensorsHeader.MAX_TENSORS) {
        throw new MalformedWeightsException(
            source + ": more than " + SafetensorsHeader.MAX_TENSORS + " tensors in the index");
      }
      if (shardOf.put(tensor, shard) != null) {
        throw twice(source, tensor);
      }
    }
    return shardOf;
  }

  /** A shard is a file beside the index; whatever could lead elsewhere is refused. */
  private static void refusePath(String shard, String tensor, String source) {
    boolean plain =
        !shard.isEmpty()
            && !shard.equals(".")
            && !shard.equals("..")
            && shard.chars().noneMatch(c -> "/\\:".indexOf(c) >= 0 || Character.isISOControl(c));
    if (!plain) {
      throw new UnsafeWeightsException(
          source
              + ": tensor "
              + Printable.of(tensor)
              + " is to be read from "
              + Printable.of(shard)
              + ", expected the plain name of a file in the same folder");
    }
  }

  private static MalformedWeightsException twice(String source, String key) {
    return new MalformedWeightsException(
        source + ": the index has the key " + Printable.of(key) + " twice");
  }
}
