package dev.graft.weights.archive;

import dev.graft.weights.MalformedWeightsException;
import dev.graft.weights.UnsafeWeightsException;
import dev.graft.weights.folder.SideFiles;
import dev.graft.weights.io.Printable;
import dev.graft.weights.zip.ZipEntry;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Checks the names of all entries before any is used: plain relative paths, which stay different on
 * systems that take upper and lower case for the same, of regular files and folders.
 */
final class EntryNames {
  private static final int MAX_DEPTH = 32;
  private static final int MAX_COMPONENT_BYTES = 255;
  private static final int MAX_PATH_BYTES = 2048;

  private final String source;

  /** Whether a path in lower case is a folder; a folder may come as often as it has files. */
  private final Map<String, Boolean> isFolder = new HashMap<>();

  private EntryNames(String source) {
    this.source = source;
  }

  /**
   * The entries that are weights: regular files, those left out that may lie beside weights.
   *
   * @throws UnsafeWeightsException for a name that is not as it should be
   */
  static List<ZipEntry> files(List<ZipEntry> entries, String source) {
    EntryNames names = new EntryNames(source);
    List<ZipEntry> files = new ArrayList<>();
    for (ZipEntry entry : entries) {
      String[] components = names.checked(entry);
      names.claim(entry, components);
      if (!entry.isFolder() && !isBesideWeights(components)) {
        files.add(entry);
      }
    }
    return files;
  }

  private static boolean isBesideWeights(String[] components) {
    for (String component : components) {
      if (SideFiles.isHidden(component)) {
        return true;
      }
    }
    return SideFiles.isSideFile(components[components.length - 1]);
  }

  private String[] checked(ZipEntry entry) {
    if (entry.isSpecial()) {
      throw unsafe(entry, "is a link or a device");
    }
    String name = entry.name();
    if (name.getBytes(StandardCharsets.UTF_8).length > MAX_PATH_BYTES) {
      throw unsafe(entry, "has a path of more than " + MAX_PATH_BYTES + " bytes");
    }
    if (name.chars().anyMatch(c -> c == '\\' || c == ':' || Character.isISOControl(c))) {
      throw unsafe(entry, "has a backslash, a colon or a control character in its path");
    }
    if (isAbsolute(entry)) {
      throw unsafe(entry, "has an absolute path");
    }
    String path = entry.isFolder() ? name.substring(0, name.length() - 1) : name;
    String[] components = path.split("/", -1);
    if (components.length > MAX_DEPTH) {
      throw unsafe(entry, "has a path of more than " + MAX_DEPTH + " parts");
    }
    for (String component : components) {
      if (component.isEmpty() || component.equals(".") || component.equals("..")) {
        throw unsafe(entry, "has the part " + Printable.of(component) + " in its path");
      }
      if (component.getBytes(StandardCharsets.UTF_8).length > MAX_COMPONENT_BYTES) {
        throw unsafe(
            entry, "has a name of more than " + MAX_COMPONENT_BYTES + " bytes in its path");
      }
    }
    return components;
  }

  private boolean isAbsolute(ZipEntry entry) {
    try {
      return Path.of(entry.name()).isAbsolute();
    } catch (InvalidPathException e) {
      throw new MalformedWeightsException(
          where(entry) + " has a path that this system cannot have");
    }
  }

  private void claim(ZipEntry entry, String[] components) {
    StringBuilder path = new StringBuilder();
    for (int i = 0; i < components.length; i++) {
      boolean folder = i < components.length - 1 || entry.isFolder();
      path.append('/').append(components[i].toLowerCase(Locale.ROOT));
      Boolean before = isFolder.putIfAbsent(path.toString(), folder);
      if (before != null && !(before && folder)) {
        throw unsafe(entry, "has the same path, but for upper and lower case, as another");
      }
    }
  }

  private UnsafeWeightsException unsafe(ZipEntry entry, String problem) {
    return new UnsafeWeightsException(where(entry) + " " + problem + ": refused");
  }

  private String where(ZipEntry entry) {
    return source + ": entry " + Printable.of(entry.name());
  }
}
