package dev.graft.cli;

import dev.graft.capi.Session;
import dev.graft.capi.TensorFlow;
import dev.graft.graph.ConstantsCache;
import dev.graft.graph.Kernels;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import picocli.CommandLine.Command;

/** {@code graft doctor}: what Graft runs on, what is wrong with it and how to mend it. */
@Command(
    name = "doctor",
    description = {
      "Show versions, devices, CPU features and the cache; say what is wrong and how to mend it."
    },
    exitCodeList = {"0:nothing is broken", "1:something is broken", "2:wrong usage"},
    footer = {"Examples:", "  graft doctor"})
final class DoctorCommand extends GraftCommand {
  /** Room for the constants of one VGG16. */
  private static final long ENOUGH_DISK_BYTES = 1L << 30;

  private static final long ENOUGH_HEAP_BYTES = 128L << 20;
  private static final String UNSET = "(not set)";

  private final List<String> broken = new ArrayList<>();
  private final List<String> hints = new ArrayList<>();

  @Override
  public Integer call() {
    versions();
    machine();
    tensorFlow();
    cache();
    environment();
    if (broken.isEmpty() && hints.isEmpty()) {
      out().println("\nNothing is wrong.");
    }
    broken.forEach(problem -> out().println("\nBROKEN: " + problem));
    hints.forEach(hint -> out().println("\nhint: " + hint));
    return broken.isEmpty() ? Main.SUCCESS : Main.FAILURE;
  }

  private void row(String name, String value) {
    out().println(name + " ".repeat(Math.max(1, 24 - name.length())) + value);
  }

  private void versions() {
    row("Graft", Version.graft());
    row(
        "Java",
        "%s, %s, %s"
            .formatted(
                System.getProperty("java.version"),
                System.getProperty("java.vm.name"),
                System.getProperty("java.home")));
    row("JavaCPP", mavenVersion("org.bytedeco", "javacpp"));
    row("TensorFlow presets", mavenVersion("org.tensorflow", "tensorflow-core-native"));
  }

  private static String mavenVersion(String group, String artifact) {
    String resource = "/META-INF/maven/" + group + "/" + artifact + "/pom.properties";
    try (InputStream in = DoctorCommand.class.getResourceAsStream(resource)) {
      if (in == null) {
        return "not on the class path";
      }
      Properties properties = new Properties();
      properties.load(in);
      return properties.getProperty("version");
    } catch (IOException e) {
      return "not readable: " + e.getMessage();
    }
  }

  private void machine() {
    String os = System.getProperty("os.name");
    String architecture = System.getProperty("os.arch");
    row("system", os + " " + System.getProperty("os.version") + ", " + architecture);
    if (!os.equals("Linux") || !architecture.equals("amd64")) {
      broken.add(
          "this build has TensorFlow for Linux on x86-64 only, not for "
              + os
              + " on "
              + architecture
              + "; build with -Dnative.platform=… where its presets have another");
    }
    CpuInfo cpu = CpuInfo.read();
    row("processor", cpu.model().isEmpty() ? "not known" : cpu.model());
    row("CPU features", cpu.notable().isEmpty() ? "not known" : cpu.notable());
    if (cpu.lacks("avx")) {
      broken.add("the processor has no AVX, which TensorFlow's binaries need; use another machine");
    } else if (cpu.lacks("fma")) {
      hints.add("the processor has no FMA: convolutions run at half the speed or less");
    }
    row("cores", Integer.toString(Runtime.getRuntime().availableProcessors()));
    memory();
  }

  private void memory() {
    Map<String, String> memory = new TreeMap<>();
    try {
      for (String line : Files.readAllLines(Path.of("/proc/meminfo"))) {
        String[] parts = line.split(":\\s+|\\s+");
        memory.put(parts[0], parts[1]);
      }
      row(
          "memory",
          "%s, %s available"
              .formatted(kib(memory.get("MemTotal")), kib(memory.get("MemAvailable"))));
    } catch (IOException e) {
      row("memory", "not known");
    }
    long heap = Runtime.getRuntime().maxMemory();
    row("Java heap limit", Tables.bytes(heap));
    if (heap < ENOUGH_HEAP_BYTES) {
      hints.add(
          "the Java heap is small: large images need more; set GRAFT_JAVA_OPTS=-Xmx256m or above");
    }
  }

  private static String kib(String number) {
    return number == null ? "not known" : Tables.bytes(Long.parseLong(number) << 10);
  }

  private void tensorFlow() {
    try {
      row("TensorFlow", TensorFlow.version());
      for (Session.Device device : TensorFlow.devices()) {
        // Of a CPU it is no figure of the machine's.
        boolean cpu = device.type().equals("CPU");
        row("device", device.name() + (cpu ? "" : ", " + Tables.bytes(device.memoryBytes())));
      }
      row("kernels", Kernels.AUTO.description());
    } catch (LinkageError | RuntimeException e) {
      row("TensorFlow", "cannot be loaded");
      broken.add(
          "TensorFlow cannot be loaded: "
              + Failures.rootOf(e)
              + "\n  Its libraries are unpacked to "
              + unpackFolder()
              + ": look whether there is room, and whether programs may run from there (noexec);"
              + "\n  org.bytedeco.javacpp.cachedir names another folder:"
              + " GRAFT_JAVA_OPTS=-Dorg.bytedeco.javacpp.cachedir=DIR");
    }
  }

  private static String unpackFolder() {
    String chosen = System.getProperty("org.bytedeco.javacpp.cachedir");
    return chosen != null
        ? chosen
        : Path.of(System.getProperty("user.home"), ".javacpp", "cache").toString();
  }

  private void cache() {
    try {
      ConstantsCache cache = ConstantsCache.ofUser();
      row("constants cache", cache.folder().toString());
      row(
          "  used, limit",
          Tables.bytes(cache.usedBytes()) + " of " + Tables.bytes(cache.limitBytes()));
      Path existing = cache.folder();
      while (!Files.exists(existing)) {
        existing = existing.getParent();
      }
      boolean writable = Files.isDirectory(existing) && Files.isWritable(existing);
      row("  writable", writable ? "yes" : "no");
      if (!writable) {
        broken.add(
            existing
                + " cannot be written to, so weights cannot be made constants;"
                + " set GRAFT_CACHE to a folder that can");
      }
      long free = Files.getFileStore(existing).getUsableSpace();
      row("  free on its disk", Tables.bytes(free));
      if (free < ENOUGH_DISK_BYTES) {
        hints.add(
            "the disk of the constants cache is nearly full: a VGG16 takes 528 MiB;"
                + " make room, or set GRAFT_CACHE to a folder on another disk");
      }
    } catch (IOException | RuntimeException e) {
      row("constants cache", "cannot be used");
      broken.add("the constants cache cannot be used: " + Failures.describe(e));
    }
  }

  private void environment() {
    for (String name :
        List.of(
            "GRAFT_CACHE",
            "GRAFT_CACHE_GIB",
            "GRAFT_JAVA_OPTS",
            "GRAFT_KERNELS",
            "GRAFT_KERNELS_ISA",
            "GRAFT_KERNELS_PROCESSORS",
            "TF_ENABLE_ONEDNN_OPTS",
            "TF_NUM_INTRAOP_THREADS",
            "OMP_NUM_THREADS",
            "CUDA_VISIBLE_DEVICES",
            "MALLOC_ARENA_MAX",
            "MALLOC_MMAP_MAX_",
            "MALLOC_TRIM_THRESHOLD_",
            "MALLOC_TOP_PAD_")) {
      String value = System.getenv(name);
      row(name, value == null ? UNSET : value);
    }
    if ("1".equals(System.getenv("TF_ENABLE_ONEDNN_OPTS"))) {
      hints.add(
          "TF_ENABLE_ONEDNN_OPTS=1 halves the speed with mapped weights on some processors;"
              + " unset it, and measure");
    }
    if (System.getenv("MALLOC_ARENA_MAX") == null) {
      hints.add(
          "MALLOC_ARENA_MAX is not set: page faults then take much of the time; start Graft"
              + " with its launcher, which sets it");
    }
  }
}
