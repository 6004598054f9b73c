package dev.graft.weights.npz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.weights.MalformedWeightsException;
import dev.graft.weights.Shape;
import dev.graft.weights.TestFiles;
import dev.graft.weights.WeightArray;
import dev.graft.weights.WeightStore;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Archives beyond 65,535 entries and beyond 4 GiB. */
class Zip64Test {
  @TempDir Path folder;

  /** The count stands in the zip64 record only; it is read there, and found to be too large. */
  @Test
  void moreThan65535Entries() throws IOException {
    byte[] npy = TestFiles.npy("{'descr': '|u1', 'fortran_order': False, 'shape': ()}", (byte) 7);
    Path file = folder.resolve("many.npz");
    try (ZipOutputStream zip =
        new ZipOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
      for (int i = 0; i < 65_600; i++) {
        zip.putNextEntry(new ZipEntry("a" + i + ".npy"));
        zip.write(npy);
      }
    }
    assertThatThrownBy(() -> WeightStore.open(file))
        .isInstanceOf(MalformedWeightsException.class)
        .hasMessageStartingWith(file + ": a directory of 65600 entries in ");
  }

  /** One entry of five gibibytes, nearly all of them a hole in the file. */
  private static byte[] sparseArchive(Path file, long elements) throws IOException {
    byte[] npy =
        TestFiles.npy("{'descr': '|u1', 'fortran_order': False, 'shape': (" + elements + ",)}");
    long size = npy.length + elements;
    ByteBuffer head = ByteBuffer.allocate(30 + 5 + 20).order(ByteOrder.LITTLE_ENDIAN);
    head.putInt(0x04034b50).putShort((short) 45).putInt(0).putInt(0).putInt(0);
    head.putInt(-1).putInt(-1).putShort((short) 5).putShort((short) 20);
    head.put(TestFiles.latin1("x.npy"));
    head.putShort((short) 1).putShort((short) 16).putLong(size).putLong(size);
    long directory = head.capacity() + size;
    ByteBuffer tail =
        ByteBuffer.allocate(46 + 5 + 20 + 56 + 20 + 22).order(ByteOrder.LITTLE_ENDIAN);
    tail.putInt(0x02014b50).putInt(45 | 45 << 16).putInt(0).putInt(0).putInt(0);
    tail.putInt(-1).putInt(-1).putShort((short) 5).putShort((short) 20);
    tail.put(new byte[14]).put(TestFiles.latin1("x.npy"));
    tail.putShort((short) 1).putShort((short) 16).putLong(size).putLong(size);
    long end = directory + tail.position();
    tail.putInt(0x06064b50).putLong(44).putInt(45 | 45 << 16).putLong(0);
    tail.putLong(1).putLong(1).putLong(end - directory).putLong(directory);
    tail.putInt(0x07064b50).putInt(0).putLong(end).putInt(1);
    tail.putInt(0x06054b50).putInt(0).putInt(1 | 1 << 16);
    tail.putInt((int) (end - directory)).putInt(-1).putShort((short) 0);
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.write(head.array());
      sparse.write(npy);
      sparse.seek(directory - 1);
      sparse.write(42);
      sparse.write(tail.array());
    }
    return tail.array();
  }

  @Test
  void entriesBeyondFourGibibytes() throws IOException {
    long elements = 5L << 30;
    Path file = folder.resolve("large.npz");
    byte[] tail = sparseArchive(file, elements);
    try (WeightStore store = WeightStore.open(file)) {
      WeightArray array = store.get("x");
      assertThat(array.shape()).isEqualTo(Shape.of(elements));
      ByteBuffer last = ByteBuffer.allocate(2);
      array.read(elements - 2, last);
      assertThat(last.array()).containsExactly(0, 42);
    }
    // The directory's size of the entry, one more: where it would overlap the directory itself.
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.seek(sparse.length() - tail.length + 46 + 5 + 4);
      sparse.write(tail[46 + 5 + 4] + 1);
    }
    assertThatThrownBy(() -> WeightStore.open(file))
        .isInstanceOf(MalformedWeightsException.class)
        .hasMessageStartingWith(file + ": entry \"x.npy\" ");
    Files.delete(file);
  }
}
