package dev.graft.weights.folder;

/** What may lie beside weights without being any: nothing else is passed over unsaid. */
public final class SideFiles {
  private SideFiles() {}

  /** Whether a file or folder of this name is hidden, as version control and desktops have them. */
  public static boolean isHidden(String name) {
    return name.startsWith(".");
  }

  /** Whether a file of this name is a manifest, which is made from the weights. */
  static boolean isManifest(String name) {
    return name.endsWith(".manifest.json");
  }

  /** Whether a file of this name is hidden, a README or a manifest. */
  public static boolean isSideFile(String name) {
    return isHidden(name)
        || isManifest(name)
        || (name.startsWith("README") && !name.endsWith(ArrayPath.EXTENSION));
  }
}
