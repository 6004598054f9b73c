package dev.graft.cli.report;

import java.net.URI;
import java.net.URISyntaxException;

/** Makes any text safe to stand in HTML, in an element or in a quoted attribute. */
final class Html {
  private Html() {}

  static String escape(String text) {
    StringBuilder escaped = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> escaped.append("&amp;");
        case '<' -> escaped.append("&lt;");
        case '>' -> escaped.append("&gt;");
        case '"' -> escaped.append("&quot;");
        case '\'' -> escaped.append("&#39;");
        default -> escaped.append(c);
      }
    }
    return escaped.toString();
  }

  /**
   * The text of a {@code src} attribute for a path relative to the page.
   *
   * @throws IllegalArgumentException if the path is not relative: a page must not fetch anything
   */
  static String path(String path) {
    try {
      // A path without a scheme and host; the URI class quotes what may not stand in one.
      URI uri = new URI(null, null, path, null);
      if (path.isEmpty() || path.startsWith("/") || uri.isAbsolute() || path.contains("\\")) {
        throw new IllegalArgumentException("expected a path relative to the page, found " + path);
      }
      return escape(uri.toASCIIString());
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("expected a path relative to the page, found " + path, e);
    }
  }
}
