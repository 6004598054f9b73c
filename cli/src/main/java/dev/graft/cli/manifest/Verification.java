package dev.graft.cli.manifest;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Compares what there is with what a manifest says; collects every deviation. */
public final class Verification {
  private final List<String> deviations = new ArrayList<>();

  /** All deviations so far, for people, one a line. */
  public List<String> deviations() {
    return List.copyOf(deviations);
  }

  /**
   * Files of the same container. A file on its own, and those of a checkpoint, may have been
   * renamed; those of a folder not.
   */
  public void files(Manifest.Container expected, Manifest.Container found, boolean folder) {
    if (!folder && expected.files().size() == found.files().size()) {
      for (int i = 0; i < expected.files().size(); i++) {
        file(expected.files().get(i), found.files().get(i));
      }
      return;
    }
    Map<String, FileHash> rest = new LinkedHashMap<>();
    found.files().forEach(file -> rest.put(file.name(), file));
    for (FileHash file : expected.files()) {
      FileHash same = rest.remove(file.name());
      if (same == null) {
        deviations.add("file " + file.name() + ": is missing");
      } else {
        file(file, same);
      }
    }
    rest.keySet().forEach(name -> deviations.add("file " + name + ": is not in the manifest"));
  }

  private void file(FileHash expected, FileHash found) {
    if (expected.size() != found.size()) {
      deviations.add(
          "file %s: has %d bytes, expected %d"
              .formatted(found.name(), found.size(), expected.size()));
    } else if (!expected.sha256().equalsIgnoreCase(found.sha256())) {
      deviations.add(
          "file %s: SHA-256 is %s, expected %s"
              .formatted(found.name(), found.sha256(), expected.sha256()));
    }
  }

  /**
   * Arrays, in any order.
   *
   * @param nameless whether the container has no names, so that its file's is shown
   */
  public void arrays(List<Manifest.Array> expected, List<Manifest.Array> found, boolean nameless) {
    if (nameless && expected.size() == 1 && found.size() == 1) {
      array(expected.get(0), found.get(0));
      return;
    }
    Map<String, Manifest.Array> byName = new LinkedHashMap<>();
    found.forEach(array -> byName.put(array.name(), array));
    Set<String> known = new HashSet<>();
    for (Manifest.Array array : expected) {
      known.add(array.name());
      Manifest.Array same = byName.get(array.name());
      if (same == null) {
        deviations.add("array " + array.name() + ": is missing");
      } else {
        array(array, same);
      }
    }
    byName.keySet().stream()
        .filter(name -> !known.contains(name))
        .forEach(name -> deviations.add("array " + name + ": is not in the manifest"));
  }

  private void array(Manifest.Array expected, Manifest.Array found) {
    int before = deviations.size();
    differ(found.name(), "dtype", found.dtype(), expected.dtype());
    differ(found.name(), "shape", found.shape(), expected.shape());
    if (deviations.size() == before) {
      differ(found.name(), "SHA-256", found.sha256(), expected.sha256());
    }
  }

  private void differ(String name, String what, Object found, Object expected) {
    if (!found.equals(expected)) {
      deviations.add("array %s: %s is %s, expected %s".formatted(name, what, found, expected));
    }
  }
}
