package dev.graft.bench;

import com.sun.management.OperatingSystemMXBean;
import dev.graft.capi.TensorFlow;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** What a result depends on besides the code: to be written beside it. */
public final class Machine {
  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

  /** CPU features that decide which kernels TensorFlow takes. */
  private static final List<String> TELLING_FLAGS =
      List.of("avx2", "fma", "avx512f", "avx512_vnni", "avx512_bf16", "amx_tile");

  /** Environment variables that change what is measured. No others are written down. */
  private static final List<String> TELLING_VARIABLES =
      List.of(
          "TF_ENABLE_",
          "TF_ONEDNN_",
          "TF_NUM_",
          "TF_XLA_",
          "TF_GPU_",
          "TF_FORCE_GPU_",
          "CUDA_VISIBLE_DEVICES",
          "OMP_",
          "MALLOC_",
          "GLIBC_TUNABLES",
          "LD_PRELOAD");

  private static final long GIT_SECONDS = 10;

  private Machine() {}

  /** Names and values, in the order in which people read them. */
  public static Map<String, String> describe() {
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("CPU", cpu() + ", " + system.getAvailableProcessors() + " processors");
    facts.put("CPU features", cpuFeatures());
    facts.put("memory", (system.getTotalMemorySize() >> 20) + " MiB");
    facts.put("load average", String.format(Locale.ROOT, "%.1f", system.getSystemLoadAverage()));
    facts.put("system", system.getName() + " " + system.getVersion() + " " + system.getArch());
    facts.put("JDK", System.getProperty("java.vm.name") + " " + Runtime.version());
    facts.put("TensorFlow", TensorFlow.version());
    facts.put(
        "devices",
        TensorFlow.devices().stream().map(Object::toString).collect(Collectors.joining(", ")));
    facts.put("environment", environment());
    facts.put("git revision", revision().orElse("unknown"));
    return facts;
  }

  private static String cpu() {
    return cpuInfo("model name").orElse("unknown");
  }

  private static String cpuFeatures() {
    List<String> flags = Arrays.asList(cpuInfo("flags").orElse("").split(" ", -1));
    String telling =
        TELLING_FLAGS.stream().filter(flags::contains).collect(Collectors.joining(" "));
    return telling.isEmpty() ? "unknown" : telling;
  }

  private static Optional<String> cpuInfo(String field) {
    try {
      return Files.readAllLines(CPU_INFO).stream()
          .filter(line -> line.startsWith(field))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst();
    } catch (IOException e) {
      // Not a Linux.
      return Optional.empty();
    }
  }

  private static String environment() {
    String telling =
        new TreeMap<>(System.getenv())
            .entrySet().stream()
                .filter(entry -> TELLING_VARIABLES.stream().anyMatch(entry.getKey()::startsWith))
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining(" "));
    return telling.isEmpty() ? "nothing that matters is set" : telling;
  }

  /** The commit that the classes were built from, if they lie in a working copy. */
  private static Optional<String> revision() {
    try {
      Path classes =
          Path.of(Machine.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      Process git =
          new ProcessBuilder("git", "describe", "--always", "--dirty", "--exclude=*", "--abbrev=40")
              .directory(classes.getParent().toFile())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String text = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      boolean done = git.waitFor(GIT_SECONDS, TimeUnit.SECONDS);
      return done && git.exitValue() == 0 ? Optional.of(text) : Optional.empty();
    } catch (IOException | URISyntaxException e) {
      // No git here: a result without a revision is better than none.
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
