package dev.graft.containers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.weights.DType;
import dev.graft.weights.Shape;
import dev.graft.weights.WeightArray;
import dev.graft.weights.WeightStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterTry;

/** An .npy of any byte order, memory order and shape has the elements that were put into it. */
class NpyOrdersTest {
  private Path file;

  @Provide
  Arbitrary<DType> dtypes() {
    return Arbitraries.of(DType.class)
        .filter(dtype -> !dtype.toString().matches("bfloat16|float8.*"));
  }

  @Provide
  Arbitrary<Shape> shapes() {
    return Arbitraries.of(0L, 1L, 2L, 3L, 5L).array(long[].class).ofMaxSize(5).map(Shape::of);
  }

  @Property(tries = 300, seed = "1")
  void elementsAreInCOrderAndLittleEndian(
      @ForAll("dtypes") DType dtype,
      @ForAll("shapes") Shape shape,
      @ForAll boolean bigEndian,
      @ForAll boolean fortran,
      @ForAll long seed)
      throws IOException {
    byte[] bits = Samples.bits(dtype, shape, seed);
    String order = dtype.componentSize() == 1 ? "|" : bigEndian ? ">" : "<";
    String descr = order + dtype.toString().charAt(0) + dtype.byteSize();
    byte[] elements = Samples.layOut(dtype, shape, bits, bigEndian, fortran);
    file = Files.createTempFile("orders", ".npy");
    Files.write(file, Npy.file(descr, fortran, tuple(shape), elements));

    try (WeightStore store = WeightStore.open(file)) {
      WeightArray array = store.get(store.names().get(0));
      assertThat(array.dtype()).isEqualTo(dtype);
      assertThat(array.shape()).isEqualTo(shape);
      ByteBuffer read = ByteBuffer.allocate(bits.length);
      array.read(0, read);
      assertThat(read.array()).isEqualTo(bits);
    }
  }

  private static String tuple(Shape shape) {
    return Arrays.stream(shape.dims())
        .mapToObj(dim -> dim + ",")
        .collect(Collectors.joining("", "(", ")"));
  }

  @AfterTry
  void removeFile() throws IOException {
    Files.delete(file);
  }
}
