package dev.graft.bench.peers;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** Loads those contestants that are wanted and can be had on this machine. */
final class Contestants {
  private Contestants() {}

  /** One that differs by the operations of its graph. */
  @FunctionalInterface
  interface OfEngine {
    Contestant open(Engine engine, Setting setting);
  }

  /** The names of all that can be had here. */
  static Set<String> names() {
    Set<String> names = new LinkedHashSet<>();
    Engine.available().forEach(engine -> names.add(engine.label()));
    if (OnnxRuntime.isAvailable()) {
      names.add(OnnxContestant.NAME);
    }
    return names;
  }

  /** A stretch of VGG16 in all of them. */
  static List<Contestant> of(Stretch stretch, Setting setting) {
    List<Supplier<Contestant>> suppliers =
        ofEngines(
            setting, (engine, its) -> new TensorFlowContestant(engine, stretch, its.threads()));
    if (setting.wants(OnnxContestant.NAME)) {
      suppliers.add(() -> new OnnxContestant(stretch, setting.threads()));
    }
    return open(suppliers);
  }

  /** Work that only Graft's graphs do. */
  static List<Contestant> engines(Setting setting, OfEngine contestant) {
    return open(ofEngines(setting, contestant));
  }

  private static List<Supplier<Contestant>> ofEngines(Setting setting, OfEngine contestant) {
    List<Supplier<Contestant>> suppliers = new ArrayList<>();
    for (Engine engine : Engine.available()) {
      if (setting.wants(engine.label())) {
        suppliers.add(() -> contestant.open(engine, setting));
      }
    }
    return suppliers;
  }

  /** Opens all, or none where one fails. */
  static List<Contestant> open(List<Supplier<Contestant>> suppliers) {
    List<Contestant> opened = new ArrayList<>();
    try {
      suppliers.forEach(supplier -> opened.add(supplier.get()));
      return opened;
    } catch (RuntimeException | Error e) {
      opened.forEach(Contestant::close);
      throw e;
    }
  }
}
