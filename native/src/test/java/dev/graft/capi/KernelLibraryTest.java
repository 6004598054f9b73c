package dev.graft.capi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.bytedeco.javacpp.Loader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the loader says, in processes of their own: a library is loaded once per process. */
class KernelLibraryTest {
  @TempDir private Path folder;

  /** Prints what the loader found. */
  static final class Report {
    private Report() {}

    public static void main(String[] arguments) throws IOException {
      KernelLibrary library = KernelLibrary.load();
      // Loading it makes no session, so the number of threads is still open.
      TensorFlow.setIntraOpThreads(3);
      Files.writeString(
          Path.of(arguments[0]),
          String.join(
              "\n",
              String.valueOf(library.available()),
              library.reason(),
              String.valueOf(library.version()),
              library.instructionSet(),
              library.description(),
              String.valueOf(TensorFlow.intraOpThreads())));
    }
  }

  private List<String> report(Map<String, String> environment, String... options)
      throws IOException, InterruptedException {
    Path answer = folder.resolve("answer");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(options));
    command.add(Report.class.getName());
    command.add(answer.toString());
    ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
    builder.environment().keySet().removeIf(name -> name.startsWith("GRAFT_KERNELS"));
    builder.environment().putAll(environment);
    assertThat(builder.start().waitFor()).isZero();
    return List.of(Files.readString(answer, StandardCharsets.UTF_8).split("\n", -1));
  }

  private static String[] sameLibrary() {
    String other = System.getProperty("graft.kernels.library");
    return other == null ? new String[0] : new String[] {"-Dgraft.kernels.library=" + other};
  }

  @Test
  void theEnvironmentSwitchesItOff() throws IOException, InterruptedException {
    assertThat(report(Map.of("GRAFT_KERNELS", "off"), sameLibrary()))
        .containsExactly(
            "false",
            "switched off by GRAFT_KERNELS=off",
            "0",
            "",
            "not used: switched off by GRAFT_KERNELS=off",
            "3");
  }

  @Test
  void aPropertySwitchesItOff() throws IOException, InterruptedException {
    assertThat(report(Map.of(), "-Dgraft.kernels=OFF").get(1))
        .isEqualTo("switched off by graft.kernels=off");
  }

  @Test
  void aLibraryThatCannotBeLoadedIsNotAvailable() throws IOException, InterruptedException {
    Path broken = Files.writeString(folder.resolve("broken.so"), "not a library");
    List<String> report = report(Map.of(), "-Dgraft.kernels.library=" + broken);
    assertThat(report.get(0)).isEqualTo("false");
    assertThat(report.get(1)).startsWith("cannot be loaded: ").contains("broken.so");
  }

  @Test
  void theReasonIsEmptyWhereItIsAvailableAndOnlyThere() {
    KernelLibrary here = KernelLibrary.load();
    assertThat(here.available()).isEqualTo(here.reason().isEmpty());
    if (here.version() == 0 && System.getProperty("graft.kernels.library") == null) {
      assertThat(here.reason())
          .matches("no library for .*|switched off by .*|cannot be loaded: .*");
    }
  }

  @Test
  void aProcessorWithoutTheInstructionsHasNone() throws IOException, InterruptedException {
    Kernels.assumeAvailable();
    List<String> report = report(Map.of("GRAFT_KERNELS_ISA", "none"), sameLibrary());
    assertThat(report.get(0)).isEqualTo("false");
    assertThat(report.get(1)).isEqualTo("switched off by GRAFT_KERNELS_ISA=none");
    assertThat(report.get(3)).isEmpty();
  }

  @Test
  void anAvailableLibraryTellsItsVersionAndMakesNoSession()
      throws IOException, InterruptedException {
    Kernels.assumeAvailable();
    List<String> report = report(Map.of("GRAFT_KERNELS_ISA", "avx2"), sameLibrary());
    String version = String.valueOf(KernelLibrary.load().version());
    assertThat(report)
        .containsExactly("true", "", version, "AVX2", "version " + version + ", AVX2", "3");
  }

  @Test
  void theLibraryOfAJarIsLoadedAndNoFileIsLeftBehind() throws IOException, InterruptedException {
    Kernels.assumeAvailable();
    Path jar = folder.resolve("kernels.jar");
    String name = Loader.getPlatform() + "/libgraft_kernels.so";
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
        InputStream library = library(name)) {
      out.putNextEntry(new ZipEntry("dev/graft/capi/" + name));
      library.transferTo(out);
    }
    Set<Path> before = cached();
    List<String> report =
        report(Map.of(), "-cp", jar + File.pathSeparator + System.getProperty("java.class.path"));
    assertThat(report.get(1)).isEmpty();
    assertThat(report.get(0)).isEqualTo("true");
    assertThat(cached()).isEqualTo(before);
  }

  /** The library that these tests run with. */
  private static InputStream library(String name) throws IOException {
    String other = System.getProperty("graft.kernels.library");
    return other == null
        ? KernelLibrary.class.getResourceAsStream(name)
        : Files.newInputStream(Path.of(other));
  }

  private static Set<Path> cached() throws IOException {
    try (Stream<Path> files = Files.list(Loader.getCacheDir().toPath())) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("graft-kernels"))
          .collect(Collectors.toSet());
    }
  }
}
