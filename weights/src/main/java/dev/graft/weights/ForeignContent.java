package dev.graft.weights;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/** Knows files of machine learning that are not read, by what they certainly begin with. */
final class ForeignContent {
  private static final Pattern PROTOTXT =
      Pattern.compile(
          "(\\s|#[^\\n]*\\n)*((name|input)\\s*:\\s*[\"']|layers?\\s*\\{).*", Pattern.DOTALL);

  /** ONNX's IR versions; SavedModel's first field is 1. */
  private static final int MIN_ONNX = 3;

  private static final int MAX_ONNX = 15;
  private static final int SHOWN = 512;

  private ForeignContent() {}

  /** What it is, as the end of "it looks like ..."; empty where nothing is certain. */
  static Optional<String> guess(ByteBuffer head) {
    byte[] start = new byte[Math.min(SHOWN, head.limit())];
    head.get(0, start);
    String text = new String(start, StandardCharsets.ISO_8859_1);
    if (PROTOTXT.matcher(text).matches()) {
      return Optional.of(
          "a Caffe prototxt, which describes a network but has no weights: the .caffemodel has"
              + " them");
    }
    if (isDarknet(head)) {
      return Optional.of(
          "Darknet's .weights, which is not read: it has no names and no shapes of its own");
    }
    return protobuf(text);
  }

  /** Version 0.1 or 0.2, a small revision, and how many images it was trained on. */
  private static boolean isDarknet(ByteBuffer head) {
    ByteBuffer ints = head.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    return head.limit() >= 20
        && ints.getInt(0) == 0
        && (ints.getInt(4) == 1 || ints.getInt(4) == 2)
        && ints.getInt(8) >= 0
        && ints.getInt(8) < 10;
  }

  private static Optional<String> protobuf(String text) {
    if (text.length() < 4) {
      return Optional.empty();
    }
    char second = text.charAt(1);
    if (text.startsWith("\n")) {
      // A node in field 1, which itself has its name in field 1 and its operation in field 2.
      int name = 2 + (second >= 0x80 ? 1 : 0);
      int operation = text.length() > name + 1 ? name + 2 + text.charAt(name + 1) : text.length();
      return operation < text.length()
              && text.charAt(name) == '\n'
              && text.charAt(operation) == 0x12
              && isShown(text, name + 1)
              && isShown(text, operation + 1)
          ? Optional.of(
              "a TensorFlow graph (.pb), which is not read: its checkpoint's variables are")
          : Optional.empty();
    }
    int afterNumber = 2;
    while (afterNumber < text.length() - 1 && text.charAt(afterNumber - 1) >= 0x80) {
      afterNumber++;
    }
    if (text.charAt(0) != 8
        || text.charAt(afterNumber) != 0x12
        || !isShown(text, afterNumber + 1)) {
      return Optional.empty();
    }
    if (text.contains(".caffemodel")) {
      return Optional.of("a Caffe .solverstate, which is not read: the .caffemodel beside it is");
    }
    if (second >= MIN_ONNX && second <= MAX_ONNX) {
      return Optional.of("ONNX, which is not read");
    }
    return Optional.empty();
  }

  /** Whether a length stands at this place, and printable ASCII of that length after it. */
  private static boolean isShown(String text, int at) {
    if (at >= text.length()) {
      return false;
    }
    int end = at + 1 + text.charAt(at);
    return text.charAt(at) > 0
        && end <= text.length()
        && text.substring(at + 1, end).chars().allMatch(c -> c >= ' ' && c < 0x7f);
  }
}
