package dev.graft.mapping;

/** Source keys. */
final class Keys {
  private static final String OUTPUT = ":0";

  private Keys() {}

  /** The key without the {@code :0} that TensorFlow puts behind a variable's name. */
  static String plain(String key) {
    return key.endsWith(OUTPUT) ? key.substring(0, key.length() - OUTPUT.length()) : key;
  }
}
