package dev.graft.cli.demo;

/**
 * A picture of several shapes, with the class of every pixel.
 *
 * @param rgb uint8 [height, width, 3]
 * @param ids [height, width], indices into {@link ShapeScenes#CLASSES}
 * @param height in pixels
 * @param width in pixels
 */
@SuppressWarnings("ArrayRecordComponent") // pixels are handed over, never copied or compared
public record Scene(byte[] rgb, byte[] ids, int height, int width) {}
