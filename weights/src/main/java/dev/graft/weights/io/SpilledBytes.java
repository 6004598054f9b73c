package dev.graft.weights.io;

import dev.graft.weights.MalformedWeightsException;
import dev.graft.weights.WeightsException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;

/**
 * Bytes that have to be decoded before use (inflated, unescaped), which happens on the first read.
 * Small ones stay in memory outside the heap as long as they are few; all others go to a temporary
 * file that is mapped and deleted at once, so that neither the heap nor the direct memory, which
 * the JVM limits, grows with the weights.
 */
public final class SpilledBytes extends LazyBytes {
  private final String source;
  private final Decoder decoder;

  /**
   * Bytes to be decoded.
   *
   * @param owner the file that they come from: they cannot be read once it is closed
   * @param source what messages call them
   * @param length how many they are; the decoder giving more or fewer is an error
   */
  public SpilledBytes(MappedFile owner, String source, long length, Decoder decoder) {
    super(owner, length);
    this.source = source;
    this.decoder = decoder;
  }

  /** Gives the bytes in pieces, in order. */
  public interface Decoder {
    /** Puts all bytes into the sink. */
    void decode(Sink sink) throws IOException;
  }

  /** Takes pieces. */
  public interface Sink {
    /** Takes what remains in the buffer. */
    void put(ByteBuffer piece) throws IOException;
  }

  @Override
  protected Bytes decode() {
    return SmallMemory.allocate(length()).map(this::decodeTo).orElseGet(this::decodeToFile);
  }

  private Bytes decodeTo(ByteBuffer memory) {
    try {
      decodeAll(memory::put);
    } catch (IOException e) {
      throw new WeightsException(source + ": " + e.getMessage(), e);
    }
    return new BufferBytes(memory.flip());
  }

  private Bytes decodeToFile() {
    try {
      return SpillFile.mapped(
          spill -> {
            try (FileChannel channel = FileChannel.open(spill, StandardOpenOption.WRITE)) {
              decodeAll(
                  piece -> {
                    while (piece.hasRemaining()) {
                      channel.write(piece);
                    }
                  });
            }
            return MappedFile.open(spill);
          });
    } catch (IOException e) {
      throw new WeightsException(
          source
              + ": cannot be decoded into a temporary file of "
              + length()
              + " bytes in "
              + System.getProperty("java.io.tmpdir")
              + ": "
              + e.getMessage(),
          e);
    }
  }

  private void decodeAll(Sink target) throws IOException {
    long[] total = new long[1];
    decoder.decode(
        piece -> {
          total[0] += piece.remaining();
          if (total[0] > length()) {
            throw new MalformedWeightsException(
                source + ": decodes to more than the expected " + length() + " bytes");
          }
          target.put(piece);
        });
    if (total[0] != length()) {
      throw new MalformedWeightsException(
          source + ": decodes to " + total[0] + " bytes, expected " + length());
    }
  }
}
