package dev.graft.graph;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.weights.Shape;
import dev.graft.weights.WeightArrays;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConstantsCacheTest {
  private static final long AN_HOUR_AGO = System.currentTimeMillis() - 3_600_000;

  @TempDir private Path folder;

  @Test
  void aFileIsNamedByItsContentAndWrittenOnce() throws IOException {
    ConstantsCache cache = new ConstantsCache(folder, 1 << 20);
    Constant first = cache.put("a", WeightArrays.of(new float[] {1, 2, 3}, 3));
    Constant second = cache.put("b", WeightArrays.of(new float[] {1, 2, 3}, 3));
    assertThat(second.file()).isEqualTo(first.file());
    assertThat(first.file()).hasFileName(first.sha256() + ".bin");
    assertThat(ConstantsCache.sha256(first.file())).isEqualTo(first.sha256());
    assertThat(Files.size(first.file())).isEqualTo(12);
    assertThat(Files.getPosixFilePermissions(first.file())).hasSize(3);
    try (var files = Files.list(folder.resolve("constants"))) {
      assertThat(files).hasSize(1);
    }
  }

  @Test
  void aFileOfAnotherLengthIsNotFound() throws IOException {
    ConstantsCache cache = new ConstantsCache(folder, 1 << 20);
    Constant constant = cache.put("a", WeightArrays.of(new float[] {1, 2, 3}, 3));
    assertThat(cache.find("a", Shape.of(3), constant.sha256())).contains(constant);
    Files.delete(constant.file());
    Files.write(constant.file(), new byte[8]);
    assertThat(cache.find("a", Shape.of(3), constant.sha256())).isEmpty();
    assertThat(cache.put("a", WeightArrays.of(new float[] {1, 2, 3}, 3))).isEqualTo(constant);
    assertThat(ConstantsCache.sha256(constant.file())).isEqualTo(constant.sha256());
  }

  @Test
  void severalThreadsMayWriteTheSame() {
    ConstantsCache cache = new ConstantsCache(folder, 1 << 20);
    float[] values = new float[100_000];
    assertThat(
            IntStream.range(0, 8)
                .parallel()
                .mapToObj(i -> cache.put("a", WeightArrays.of(values, 100_000)))
                .distinct())
        .hasSize(1);
  }

  @Test
  void theLeastRecentlyUsedGoesFirstAndWhatIsInUseStays() throws IOException {
    ConstantsCache cache = new ConstantsCache(folder, 2_500);
    Constant old = cache.put("old", WeightArrays.of(new float[300], 300));
    float[] ones = new float[300];
    ones[0] = 1;
    Constant used = cache.put("used", WeightArrays.of(ones, 300));
    ones[1] = 1;
    Constant recent = cache.put("new", WeightArrays.of(ones, 300));
    Files.setLastModifiedTime(old.file(), FileTime.fromMillis(AN_HOUR_AGO - 1000));
    Files.setLastModifiedTime(used.file(), FileTime.fromMillis(AN_HOUR_AGO));
    assertThat(cache.find("used", Shape.of(300), used.sha256())).isPresent();
    cache.trim();
    assertThat(old.file()).doesNotExist();
    assertThat(used.file()).exists();
    assertThat(recent.file()).exists();
    assertThat(cache.usedBytes()).isEqualTo(2_400);
  }
}
