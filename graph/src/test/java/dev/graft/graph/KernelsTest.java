package dev.graft.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
  void bfloat16NeedsOwnOperationsAndSaysWhyThereAreNone() {
    assertThat(Kernels.STOCK.bfloat16Dense()).isFalse();
    assertThat(Kernels.AUTO.bfloat16Dense()).isFalse();
    Kernels stock = Kernels.STOCK.withBfloat16Dense();
    assertThatThrownBy(stock::bfloat16Dense)
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("which are not in use: as the caller wants it");
    Kernels remote =
        Kernels.AUTO.withBfloat16Dense().in(SessionOptions.DEFAULT.withTarget("grpc://there:1234"));
    assertThatThrownBy(remote::bfloat16Dense).hasMessageContaining("grpc://there:1234");
    Kernels own = OwnKernels.get().withBfloat16Dense();
    assertThat(own.bfloat16Dense()).isTrue();
    assertThat(own.areOwn()).isTrue();
    assertThat(own.description()).endsWith("), fully connected weights as bfloat16");
  }

  @Test
  void bfloat16IsForPredictionOnly() {
    Kernels.AUTO.requireTrainable();
    Kernels.STOCK.requireTrainable();
    Kernels rounding = Kernels.AUTO.withBfloat16Dense();
    assertThatThrownBy(rounding::requireTrainable)
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("no gradient");
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

  @Test
  void ownOperationsPredictInTheCallersThreadUnlessThatIsChosen() {
    SessionOptions options = SessionOptions.DEFAULT.withDeviceCpuOnly(true);
    assertThat(Kernels.STOCK.in(options).forPrediction()).isEqualTo(options);
    Kernels own = OwnKernels.get();
    assertThat(own.in(options).forPrediction()).isEqualTo(options.withInterOpThreads(-1));
    SessionOptions chosen = options.withInterOpThreads(2);
    assertThat(own.in(chosen).forPrediction()).isEqualTo(chosen);
  }
}
