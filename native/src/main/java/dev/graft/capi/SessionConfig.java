package dev.graft.capi;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Encodes session options as a {@code ConfigProto}. By hand, for the few fields that are used: the
 * generated classes take longer to load than a session takes to open.
 */
final class SessionConfig {
  private static final int VARINT = 0;
  private static final int BYTES = 2;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private SessionConfig() {}

  static byte[] encode(SessionOptions options) {
    SessionConfig config = new SessionConfig();
    if (options.deviceCpuOnly()) {
      // device_count["GPU"] = 0
      byte[] key = "GPU".getBytes(StandardCharsets.UTF_8);
      config.message(1, new SessionConfig().message(1, key).number(2, 0).bytes());
    }
    config.number(2, options.intraOpThreads()); // intra_op_parallelism_threads
    config.number(5, options.interOpThreads()); // inter_op_parallelism_threads
    if (options.growGpuMemory()) {
      // gpu_options.allow_growth
      config.message(6, new SessionConfig().number(4, 1).bytes());
    }
    if (options.interOpThreads() > 0) {
      config.number(9, 1); // use_per_session_threads
    }
    if (!options.optimizeGraph()) {
      // graph_options.rewrite_options.disable_meta_optimizer
      byte[] rewrite = new SessionConfig().number(19, 1).bytes();
      config.message(10, new SessionConfig().message(10, rewrite).bytes());
    }
    return config.bytes();
  }

  private SessionConfig number(int field, long value) {
    varint(((long) field << 3) | VARINT);
    varint(value);
    return this;
  }

  private SessionConfig message(int field, byte[] content) {
    varint(((long) field << 3) | BYTES);
    varint(content.length);
    out.writeBytes(content);
    return this;
  }

  private void varint(long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      out.write((int) ((rest & 0x7f) | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
  }

  private byte[] bytes() {
    return out.toByteArray();
  }
}
