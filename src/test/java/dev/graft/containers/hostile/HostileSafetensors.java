package dev.graft.containers.hostile;

import dev.graft.containers.Npy;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/** Safetensors whose JSON nests, repeats, promises or points outside. */
final class HostileSafetensors implements HostileFiles {
  private static final String ARRAY = "{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}";

  @Override
  public void addTo(HostileCorpus corpus) throws IOException {
    addLengths(corpus);
    addShapes(corpus);
    addJson(corpus);
  }

  private static byte[] file(long headerLength, String header, int dataBytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < Long.BYTES; i++) {
      out.write((int) (headerLength >> (8 * i)));
    }
    out.writeBytes(Npy.latin1(header));
    out.writeBytes(new byte[dataBytes]);
    return out.toByteArray();
  }

  private static byte[] file(String header) {
    return file(header.length(), header, 1);
  }

  private static void addLengths(HostileCorpus corpus) throws IOException {
    long[] lengths = {Long.MAX_VALUE, -1, Long.MIN_VALUE, 1L << 32, 0, 1};
    for (long length : lengths) {
      corpus.refused(
          "header-of-" + length + ".safetensors", file(length, "{\"x\":" + ARRAY + "}", 1));
    }
    corpus.refused("header-of-spaces.safetensors", file("{\"x\"" + " ".repeat(50_000_000)));
  }

  private static void addShapes(HostileCorpus corpus) throws IOException {
    String[] arrays = {
      "\"shape\":[65536,65536,65536,65536],\"data_offsets\":[0,1]",
      "\"shape\":[65536,65536,65536,65536,65536],\"data_offsets\":[0,0]",
      "\"shape\":[9223372036854775807,2],\"data_offsets\":[0,1]",
      "\"shape\":[18446744073709551617],\"data_offsets\":[0,1]",
      "\"shape\":[-1],\"data_offsets\":[0,-1]",
      "\"shape\":[-1,-1],\"data_offsets\":[0,1]",
      "\"shape\":[1e0],\"data_offsets\":[0,1]",
      "\"shape\":[1.0],\"data_offsets\":[0,1]",
      "\"shape\":[NaN],\"data_offsets\":[0,1]",
      "\"shape\":[1],\"data_offsets\":[1,0]",
      "\"shape\":[1],\"data_offsets\":[0,9223372036854775807]",
      "\"shape\":[1],\"data_offsets\":[9223372036854775807,9223372036854775807]",
      "\"shape\":[1],\"data_offsets\":[0,1,2]",
      "\"shape\":[" + "1,".repeat(1_000_000) + "1],\"data_offsets\":[0,1]",
      "\"shape\":[" + "9".repeat(1_000_000) + "],\"data_offsets\":[0,1]",
    };
    for (int i = 0; i < arrays.length; i++) {
      corpus.refused(
          "shape-" + i + ".safetensors", file("{\"x\":{\"dtype\":\"U8\"," + arrays[i] + "}}"));
    }
  }

  private static void addJson(HostileCorpus corpus) throws IOException {
    int many = 1_000_000;
    String[] headers = {
      "{\"x\":".repeat(many),
      "{\"x\":" + "[".repeat(many) + "]".repeat(many) + "}",
      "{\"x\":{\"shape\":" + "[".repeat(many) + "]".repeat(many) + "}}",
      "{\"__metadata__\":" + "{\"a\":".repeat(many) + "1" + "}".repeat(many) + "}",
      "{\"x\":" + ARRAY + ",\"x\":" + ARRAY + "}",
      "{\"x\":" + ARRAY + ",\"y\":" + ARRAY + "}",
      "{\"x\":" + ARRAY + "}".repeat(10),
      "{\"\\ud800\":" + ARRAY + "}",
      "{\"x\\u",
      "{\"" + "\\u0041".repeat(many),
      "{\"" + "a".repeat(5_000_000),
      "{\"\u00ff\":" + ARRAY + "}",
      "{\"x\u0007\":" + ARRAY + "}",
      "{\"x\":{\"dtype\":\"\\u001b[2J\",\"shape\":[1],\"data_offsets\":[0,1]}}",
      "{\"x\":{\"dtype\":\"" + "U8".repeat(many) + "\",\"shape\":[1],\"data_offsets\":[0,1]}}",
      "{\"x\":{" + "\"dtype\":\"U8\",".repeat(100_000) + "\"shape\":[1]}}",
    };
    for (int i = 0; i < headers.length; i++) {
      corpus.refused("json-" + i + ".safetensors", file(headers[i]));
    }
    StringBuilder entries = new StringBuilder("{\"a\":" + ARRAY);
    for (int i = 0; i < 200_000; i++) {
      entries.append(",\"").append(i).append("\":");
      entries.append("{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[1,1]}");
    }
    corpus.harmless("many-entries.safetensors", file(entries + "}"));
    StringBuilder metadata = new StringBuilder("{\"a\":" + ARRAY + ",\"__metadata__\":{\"a\":\"\"");
    for (int i = 0; i < 200_000; i++) {
      metadata.append(",\"").append(i).append("\":\"").append("v".repeat(50)).append('"');
    }
    corpus.harmless("much-metadata.safetensors", file(metadata + "}}"));
    String index = "{\"metadata\":{},\"weight_map\":{\"x\":\"";
    String[] shards = {
      "../../../etc/passwd",
      "/etc/passwd",
      "C:\\\\x",
      "a/../b",
      "\\u0000",
      ".",
      "",
      "\\ud800",
      "refused-shard-8.safetensors.index.json",
      "/dev/zero",
      "/dev/stdin",
    };
    for (int i = 0; i < shards.length; i++) {
      corpus.refused(
          "shard-" + i + ".safetensors.index.json", Npy.latin1(index + shards[i] + "\"}}"));
    }
  }
}
