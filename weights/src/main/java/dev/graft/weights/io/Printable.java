package dev.graft.weights.io;

/** Text from a file made fit for a message: quoted, control characters escaped, cut if long. */
public final class Printable {
  private static final int MAX_CHARS = 120;

  private Printable() {}

  /** The text in double quotes; after 120 characters it is cut and its length given. */
  public static String of(String text) {
    StringBuilder out = new StringBuilder("\"");
    int shown = Math.min(text.length(), MAX_CHARS);
    for (int i = 0; i < shown; i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT) {
        out.append(String.format("\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    out.append('"');
    if (shown < text.length()) {
      out.append("... (").append(text.length()).append(" characters)");
    }
    return out.toString();
  }
}
