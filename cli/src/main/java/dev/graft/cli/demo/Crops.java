package dev.graft.cli.demo;

/**
 * Pictures of one shape or of bare ground each, with the class of what they show.
 *
 * @param pixels uint8 RGB [count, size, size, 3]
 * @param labels [count], indices into {@link ShapeScenes#CLASSES}; 0 is bare ground
 * @param size height and width of each picture, in pixels
 */
@SuppressWarnings("ArrayRecordComponent") // pixels are handed over, never copied or compared
public record Crops(byte[] pixels, int[] labels, int size) {
  /** The number of pictures. */
  public int count() {
    return labels.length;
  }
}
