package dev.graft.weights.caffe;

import java.util.ArrayList;
import java.util.List;

/**
 * A layer of a network.
 *
 * @param name empty where it has none
 * @param type such as {@code Convolution}; empty where it has none
 * @param at where it begins in the file
 */
record Layer(String name, String type, List<Blob> blobs, long at) {
  /** More arrays than any layer has; an LSTM has four. */
  private static final int MAX_BLOBS = 1000;

  /** A current layer, {@code LayerParameter}. */
  static Layer current(Message message, long at) {
    return read(message, at, 1, 2, 7);
  }

  /**
   * A {@code V1LayerParameter}, or the {@code V0LayerParameter} in it, which then has all that
   * counts.
   */
  static Layer old(Message message, long at) {
    String name = "";
    String type = "";
    List<Blob> blobs = new ArrayList<>(2);
    Layer inner = null;
    while (message.next()) {
      switch (message.field()) {
        case 1 -> {
          if (inner != null) {
            throw message.malformed("a second old layer");
          }
          inner = read(message.message("old layer"), at, 1, 2, 50);
        }
        case 4 -> name = message.text("a layer name");
        case 5 -> type = LayerTypes.v1(message.number());
        case 6 -> add(blobs, message);
        default -> {}
      }
    }
    if (inner == null) {
      return new Layer(name, type, blobs, at);
    }
    if (!blobs.isEmpty()) {
      throw message.malformed("arrays both of a layer and of an old layer");
    }
    return inner;
  }

  private static Layer read(Message message, long at, int nameField, int typeField, int blobs) {
    String name = "";
    String type = "";
    List<Blob> found = new ArrayList<>(2);
    while (message.next()) {
      if (message.field() == nameField) {
        name = message.text("a layer name");
      } else if (message.field() == typeField) {
        type = message.text("a layer type");
      } else if (message.field() == blobs) {
        add(found, message);
      }
    }
    return new Layer(name, type, found, at);
  }

  private static void add(List<Blob> blobs, Message message) {
    if (blobs.size() == MAX_BLOBS) {
      throw message.malformed("more than " + MAX_BLOBS + " arrays");
    }
    blobs.add(BlobReader.read(message.message("array")));
  }
}
