package dev.graft.weights.safetensors;

import dev.graft.weights.FileFormat;
import dev.graft.weights.WeightArray;
import dev.graft.weights.WeightStore;
import dev.graft.weights.WeightStores;
import dev.graft.weights.io.MappedFile;
import dev.graft.weights.io.StoredArray;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A safetensors file. Every tensor is used in place. The names have the header's order; the strings
 * of {@code __metadata__} are other entries.
 */
public final class SafetensorsFormat implements FileFormat {
  /** Beyond the format's limit, so that a header that is too long is called that. */
  private static final long PLAUSIBLE_LENGTH = 1L << 32;

  private static final int RECOGNISED_BYTES = SafetensorsHeader.LENGTH_BYTES + 2;

  @Override
  public String name() {
    return "safetensors";
  }

  /** A length, of a header that begins as a JSON object does. */
  @Override
  public boolean matches(Path path, ByteBuffer head) {
    if (head.limit() < RECOGNISED_BYTES) {
      return false;
    }
    long length = head.duplicate().order(ByteOrder.LITTLE_ENDIAN).getLong(0);
    int inside = head.get(SafetensorsHeader.LENGTH_BYTES + 1);
    return length >= 2
        && length < PLAUSIBLE_LENGTH
        && head.get(SafetensorsHeader.LENGTH_BYTES) == '{'
        && "\"} \t\r\n".indexOf(inside) >= 0;
  }

  @Override
  public WeightStore open(MappedFile file) {
    SafetensorsHeader header = SafetensorsHeader.read(file);
    Map<String, WeightArray> arrays = new LinkedHashMap<>();
    for (Tensor tensor : header.tensors()) {
      long start = header.dataStart() + tensor.begin();
      arrays.put(
          tensor.name(),
          new StoredArray(file, start, tensor.dtype(), tensor.shape(), false, false));
    }
    return WeightStores.of(arrays, header.metadata(), file.source(), file::close);
  }
}
