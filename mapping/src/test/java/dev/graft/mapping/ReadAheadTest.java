package dev.graft.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.weights.WeightArray;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReadAheadTest {
  private static final int PIECE = 64 << 10;

  private final byte[] whole = new byte[10 * PIECE + 24];
  private final List<Long> gathered = new ArrayList<>();

  ReadAheadTest() {
    new Random(5).nextBytes(whole);
  }

  private void gather(long offset, ByteBuffer dst) {
    gathered.add(offset);
    dst.put(whole, (int) offset, dst.remaining());
  }

  private void read(ReadAhead ahead, int offset, int length) {
    ByteBuffer piece = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    ahead.read(offset, piece, this::gather);
    assertThat(piece.array()).isEqualTo(Arrays.copyOfRange(whole, offset, offset + length));
  }

  /** Windows of 2.5 pieces, made of blocks of half a piece. */
  private ReadAhead ahead() {
    return new ReadAhead(whole.length, PIECE / 2, 5 * PIECE / 2 + 100);
  }

  @Test
  void whoReadsInOrderGetsWindows() {
    ReadAhead ahead = ahead();
    for (int at = 0; at < whole.length; at += PIECE) {
      read(ahead, at, Math.min(PIECE, whole.length - at));
    }
    long window = 5 * PIECE / 2;
    // The last piece is too short to be one; it comes from the source.
    assertThat(gathered).containsExactly(0L, window, 2 * window, 3 * window, 10L * PIECE);
  }

  @Test
  void theBufferIsGivenBackAtTheEndAndReadingCanBeginAnew() {
    ReadAhead ahead = new ReadAhead(10 * PIECE, PIECE, 4 * PIECE);
    for (int round = 0; round < 2; round++) {
      for (int at = 0; at < 10 * PIECE; at += PIECE) {
        read(ahead, at, PIECE);
      }
    }
    assertThat(gathered).hasSize(6);
  }

  @Test
  void shortLongAndScatteredReadsGoToTheSource() {
    ReadAhead ahead = ahead();
    read(ahead, 0, 4);
    read(ahead, 4 * PIECE, PIECE);
    read(ahead, 0, 3 * PIECE);
    assertThat(gathered).containsExactly(0L, 4L * PIECE, 0L);
    read(ahead, 0, PIECE);
    read(ahead, PIECE / 2, PIECE);
    read(ahead, 0, PIECE);
    assertThat(gathered).hasSize(4);
    read(ahead, 7 * PIECE, PIECE);
    assertThat(gathered).hasSize(5);
  }

  @Test
  void aSourceThatFailsLeavesNothingBehind() {
    ReadAhead ahead = ahead();
    ByteBuffer piece = ByteBuffer.allocate(PIECE);
    assertThatThrownBy(
            () ->
                ahead.read(
                    0,
                    piece,
                    (offset, dst) -> {
                      throw new IllegalStateException("closed");
                    }))
        .hasMessage("closed");
    read(ahead, 0, PIECE);
  }

  @ParameterizedTest
  @CsvSource({
    "oihw_to_hwio, 64x50x7x7",
    "hwio_to_oihw, 7x7x50x64",
    "oihw_to_hwio+reverse_input_channels, 300x70x3x3",
    "chw_dense_to_conv7, 130x2450",
    "conv7_to_chw_dense, 7x7x50x130",
    "oi_dense_to_conv1, 700x333",
    "iohw_to_hwoi, 33x33x16x16",
    "reverse_input_channels, 3x3x210x90",
  })
  void piecesOfLargeArraysAreThoseOfTheWhole(String name, String dims) {
    FakeArray array =
        FakeArray.random(
            new Random(4), Arrays.stream(dims.split("x", -1)).mapToLong(Long::parseLong).toArray());
    for (FakeArray source : List.of(array, array.withoutView())) {
      WeightArray changed = Transform.parse(name).apply(source);
      byte[] expected = FakeArray.bytesOf(changed);
      IntStream.range(0, 4)
          .parallel()
          .forEach(
              reader -> {
                for (int at = 0; at < expected.length; at += PIECE * 2) {
                  int count = Math.min(PIECE * 2, expected.length - at);
                  ByteBuffer piece = ByteBuffer.allocate(count);
                  changed.read(at, piece);
                  assertThat(piece.flip()).isEqualTo(ByteBuffer.wrap(expected, at, count));
                }
              });
    }
  }
}
