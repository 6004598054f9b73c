package dev.graft.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.capi.SessionOptions;
import dev.graft.mapping.NameMapping;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PredictorTest {
  private static final int THREADS = 8;

  @TempDir private Path temp;
  private Predictor predictor;

  @BeforeEach
  void open() {
    NameMapping graft = NameMapping.bundled("graft");
    ModelWeights.Request request =
        new ModelWeights.Request(
            Model.FCN8S,
            List.of(
                new ModelWeights.Source(Golden.file("weights.npz"), graft),
                new ModelWeights.Source(Golden.file("head.npz"), graft)),
            Set.of("vgg16/fc8"),
            List.of(),
            0,
            0);
    try (ModelWeights weights = ModelWeights.load(request, new ConstantsCache(temp, 1 << 30))) {
      predictor = Predictor.of(weights, SessionOptions.DEFAULT, bytes -> {});
    }
  }

  private static byte[] image(int seed, int height, int width) {
    byte[] rgb = new byte[height * width * 3];
    new SplittableRandom(seed).nextBytes(rgb);
    return rgb;
  }

  @Test
  void threadsWithImagesOfSeveralSizesGetTheirOwnAnswers() throws Exception {
    byte[][] expected = new byte[THREADS][];
    for (int i = 0; i < THREADS; i++) {
      expected[i] = new byte[(32 + i) * (64 - i)];
      predictor.classIds(image(i, 32 + i, 64 - i), 32 + i, 64 - i, expected[i]);
    }
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    List<Future<?>> done = new ArrayList<>();
    for (int t = 0; t < THREADS; t++) {
      int first = t;
      done.add(
          threads.submit(
              () -> {
                for (int n = 0; n < 30; n++) {
                  int i = (first + n) % THREADS;
                  byte[] ids = new byte[expected[i].length];
                  predictor.classIds(image(i, 32 + i, 64 - i), 32 + i, 64 - i, ids);
                  assertThat(ids).isEqualTo(expected[i]);
                }
              }));
    }
    for (Future<?> future : done) {
      future.get();
    }
    threads.shutdown();
    predictor.close();
  }

  @Test
  void closingWaitsForRunningCallsAndLaterOnesAreRefused() throws Exception {
    byte[] rgb = image(1, 64, 64);
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    List<Future<?>> done = new ArrayList<>();
    for (int t = 0; t < THREADS; t++) {
      done.add(
          threads.submit(
              () -> {
                byte[] ids = new byte[64 * 64];
                while (true) {
                  predictor.classIds(rgb, 64, 64, ids);
                }
              }));
    }
    predictor.classIds(rgb, 64, 64, new byte[64 * 64]);
    predictor.close();
    predictor.close();
    for (Future<?> future : done) {
      assertThatThrownBy(future::get)
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(IllegalStateException.class)
          .hasMessageContaining("the predictor is closed");
    }
    threads.shutdown();
  }

  @Test
  void wrongSizesAreRefused() {
    byte[] rgb = image(1, 8, 8);
    byte[] ids = new byte[64];
    assertThatThrownBy(() -> predictor.classIds(rgb, 8, 9, ids))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("has 216 bytes, not 192");
    assertThatThrownBy(() -> predictor.classIds(rgb, 8, 8, new byte[63]))
        .hasMessageContaining("64 elements, and there is room for 63");
    assertThatThrownBy(() -> predictor.logits(rgb, 8, 8, new float[64 * 3 - 1]))
        .hasMessageContaining("192 elements");
    assertThatThrownBy(() -> predictor.endPoint("pool9", rgb, 8, 8))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("pool5");
    predictor.close();
  }
}
