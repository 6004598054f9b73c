package dev.graft.weights.caffe;

import dev.graft.weights.MalformedWeightsException;
import dev.graft.weights.io.BufferBytes;
import java.nio.ByteBuffer;

/**
 * Tells networks from other files by their first bytes. Protobuf has no magic number, and other
 * formats are protobuf messages too (TensorFlow's graphs, ONNX, Caffe2): what counts is a first
 * layer whose name and type stand where Caffe has them.
 */
final class NetHead {
  /** Beyond any length: the head does not show where the file ends. */
  private static final long FAR = Long.MAX_VALUE / 2;

  private NetHead() {}

  static boolean isIn(ByteBuffer head) {
    try {
      Message net = new Wire(new BufferBytes(head), "head").message(0, FAR, "network");
      while (net.next()) {
        switch (net.field()) {
          case Net.NAME -> {
            if (!isPrintable(net)) {
              return false;
            }
          }
          case Net.OLD_LAYER -> {
            return isOldLayer(net.message("layer"));
          }
          case Net.LAYER -> {
            return isNamedAndTyped(net.message("layer"));
          }
          default -> {
            if (net.field() > Net.LAYER) {
              return false;
            }
          }
        }
      }
      return false;
    } catch (MalformedWeightsException e) {
      // Also where the head ends before a layer has shown what it is.
      return false;
    }
  }

  /** A current layer or one of the oldest kind: name and type are texts in fields 1 and 2. */
  private static boolean isNamedAndTyped(Message layer) {
    boolean named = false;
    while (layer.next()) {
      if (layer.field() == 1 || layer.field() == 2) {
        if (!isPrintable(layer) || layer.length() == 0) {
          return false;
        }
        if (layer.field() == 2) {
          return named;
        }
        named = true;
      }
    }
    return false;
  }

  /** A name in field 4 and a number for the type in field 5; or a layer of the oldest kind. */
  private static boolean isOldLayer(Message layer) {
    boolean named = false;
    while (layer.next()) {
      switch (layer.field()) {
        case 1 -> {
          return isNamedAndTyped(layer.message("old layer"));
        }
        case 2, 3, 4 -> {
          if (!isPrintable(layer)) {
            return false;
          }
          named |= layer.field() == 4;
        }
        case 5 -> {
          return named && layer.wireType() == Message.VARINT;
        }
        default -> {}
      }
    }
    return false;
  }

  private static boolean isPrintable(Message message) {
    return message.text("a name").chars().noneMatch(Character::isISOControl);
  }
}
