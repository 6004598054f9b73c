package dev.graft.weights.folder;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The names of arrays as paths and back: {@code a/b} is the file {@code a/b.npy}. Of each component
 * every byte, in UTF-8, but letters, digits and {@code . _ : [ ] -} is written {@code %XX}; so is a
 * dot at its beginning, which would hide it, and the last dot of a folder called {@code x.npy},
 * where the array {@code x} might lie. An empty component is {@code %} alone. Different names have
 * different paths.
 */
final class ArrayPath {
  static final String EXTENSION = ".npy";

  private static final String EMPTY = "%";
  private static final String PLAIN = "._:[]-";

  private ArrayPath() {}

  /**
   * The components of the path below the folder, the last with its extension; empty where the name
   * has half a surrogate pair.
   */
  static Optional<List<String>> encode(String name) {
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(name)) {
      return Optional.empty();
    }
    String[] parts = name.split("/", -1);
    List<String> components = new ArrayList<>();
    for (int i = 0; i < parts.length; i++) {
      String component = encodeComponent(parts[i]);
      if (i == parts.length - 1) {
        component += EXTENSION;
      } else if (component.toLowerCase(Locale.ROOT).endsWith(EXTENSION)) {
        int dot = component.length() - EXTENSION.length();
        component = component.substring(0, dot) + "%2E" + component.substring(dot + 1);
      }
      components.add(component);
    }
    return Optional.of(components);
  }

  private static String encodeComponent(String part) {
    if (part.isEmpty()) {
      return EMPTY;
    }
    StringBuilder out = new StringBuilder();
    for (byte b : part.getBytes(StandardCharsets.UTF_8)) {
      boolean plain = isAsciiAlphanumeric(b) || PLAIN.indexOf(b) >= 0;
      if (plain && !(b == '.' && out.isEmpty())) {
        out.append((char) b);
      } else {
        out.append(String.format("%%%02X", b & 0xff));
      }
    }
    return out.toString();
  }

  private static boolean isAsciiAlphanumeric(byte b) {
    return (b >= '0' && b <= '9') || (b >= 'A' && b <= 'Z') || (b >= 'a' && b <= 'z');
  }

  /**
   * A component as it was before; empty where a {@code %} has no two hexadecimal digits after it,
   * or the bytes are not UTF-8.
   */
  static Optional<String> decodeComponent(String component) {
    if (component.equals(EMPTY)) {
      return Optional.of("");
    }
    byte[] bytes = component.getBytes(StandardCharsets.UTF_8);
    ByteBuffer out = ByteBuffer.allocate(bytes.length);
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] != '%') {
        out.put(bytes[i]);
        continue;
      }
      int high = i + 2 < bytes.length ? hex(bytes[i + 1]) : -1;
      int low = high < 0 ? -1 : hex(bytes[i + 2]);
      if (low < 0) {
        return Optional.empty();
      }
      out.put((byte) (high << 4 | low));
      i += 2;
    }
    try {
      return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(out.flip()).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  private static int hex(byte b) {
    return b < 0 ? -1 : Character.digit(b, 16);
  }
}
