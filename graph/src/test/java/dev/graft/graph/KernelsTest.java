package dev.graft.graph;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.capi.KernelLibrary;
import dev.graft.capi.SessionOptions;
import org.junit.jupiter.api.Test;

class KernelsTest {
  @Test
  void stockIsStockWhateverThereIs() {
    assertThat(Kernels.STOCK.areOwn()).isFalse();
    assertThat(Kernels.STOCK.in(SessionOptions.DEFAULT).areOwn()).isFalse();
    assertThat(Kernels.STOCK.description()).startsWith("stock (");
  }

  @Test
  void aServerHasNoLibraryOfOurs() {
    Kernels kernels = Kernels.AUTO.in(SessionOptions.DEFAULT.withTarget("grpc://there:1234"));
    assertThat(kernels.areOwn()).isFalse();
    assertThat(kernels.description())
        .isEqualTo("stock (the session is on the server grpc://there:1234)");
  }

  @Test
  void theLibraryDecidesOtherwise() {
    KernelLibrary library = KernelLibrary.load();
    Kernels kernels = Kernels.AUTO.in(SessionOptions.DEFAULT.withDeviceCpuOnly(true));
    assertThat(kernels.areOwn()).isEqualTo(library.available());
    assertThat(kernels.description())
        .isEqualTo(
            library.available()
                ? "own (" + library.description() + ")"
                : "stock (" + library.reason() + ")");
  }
}
