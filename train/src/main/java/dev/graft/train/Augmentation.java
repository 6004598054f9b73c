package dev.graft.train;

/**
 * What is done to images and masks on their way into training.
 *
 * @param flip whether half of them, drawn at random, are mirrored left to right
 * @param cropHeight height of the part that is used, in pixels; 0 for the whole image
 * @param cropWidth width of the part that is used, in pixels; 0 for the whole image
 * @param randomCrop whether the part is drawn at random; else it is the middle
 * @param seed of the drawing, together with the number of the image and of the epoch
 * @param ignoredLabel the label of what is added where an image is smaller than the part
 */
record Augmentation(
    boolean flip, int cropHeight, int cropWidth, boolean randomCrop, long seed, int ignoredLabel) {
  /** Images as they are. */
  static final Augmentation NONE = new Augmentation(false, 0, 0, false, 0, 0);

  boolean crops() {
    return cropHeight > 0;
  }
}
