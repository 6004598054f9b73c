package dev.graft.graph;

import java.util.ArrayList;
import java.util.List;

/**
 * The two networks of the VGG family as tables: how many 3×3 convolutions each of the five stages
 * has.
 */
public enum Backbone {
  /** 13 convolutions. */
  VGG16("vgg16", 2, 2, 3, 3, 3),
  /** 16 convolutions. */
  VGG19("vgg19", 2, 2, 4, 4, 4);

  /** Output channels of the stages, as published. */
  private static final int[] STAGE_CHANNELS = {64, 128, 256, 512, 512};

  /** Width of fc6 and fc7, as published. */
  static final int FC_CHANNELS = 4096;

  private final String scope;
  private final List<Integer> convolutions;

  Backbone(String scope, Integer... convolutions) {
    this.scope = scope;
    this.convolutions = List.of(convolutions);
  }

  /** The first part of its parameters' names, such as {@code vgg16}. */
  public String scope() {
    return scope;
  }

  /** How many stages: 5. */
  int stages() {
    return convolutions.size();
  }

  /** The layers of a stage, counted from 1: {@code conv1_1}, {@code conv1_2}. */
  List<String> layers(int stage) {
    List<String> names = new ArrayList<>();
    for (int i = 1; i <= convolutions.get(stage - 1); i++) {
      names.add("conv" + stage + "_" + i);
    }
    return names;
  }

  /** The published number of output channels of a stage, counted from 1. */
  static int channels(int stage) {
    return STAGE_CHANNELS[stage - 1];
  }
}
