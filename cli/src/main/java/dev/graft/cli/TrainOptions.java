package dev.graft.cli;

import dev.graft.graph.Model;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** The settings of a run on the command line; null where the user has said nothing. */
final class TrainOptions {
  @Option(
      names = "--model",
      paramLabel = "M",
      converter = ModelConverter.class,
      description = "fcn8s, fcn16s or fcn32s on VGG16; fcn8s-vgg19 and so on, on VGG19.")
  Model model;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = {
        "The data set: images/ and masks/ with the same stems (train.txt, val.txt and classes.txt"
            + " if there are any), or the PASCAL VOC folders."
      })
  Path data;

  @Option(
      names = "--masks",
      paramLabel = "NAME",
      description = "Another folder of masks in the data set, such as masks_road.")
  String masks;

  @Option(
      names = "--exclude",
      split = ",",
      hideParamSyntax = true,
      paramLabel = "SCOPE,…",
      description = "Scopes of the weights that are not wanted, such as vgg16/fc8.")
  List<String> exclude;

  @Option(
      names = "--init",
      split = ",",
      hideParamSyntax = true,
      paramLabel = "SCOPE,…",
      description = "Scopes to initialise where no weights are given; the head's always is.")
  List<String> init;

  @Option(
      names = "--freeze",
      split = ",",
      hideParamSyntax = true,
      paramLabel = "SCOPE,…",
      description = "Scopes that do not change, such as vgg16 or vgg16/conv1,vgg16/conv2.")
  List<String> freeze;

  @Option(
      names = "--classes",
      paramLabel = "N",
      description = "The number of classes (default: of classes.txt, else of the labels).")
  Integer classes;

  @Option(
      names = "--ignore-label",
      paramLabel = "N",
      description = "Pixels with this label do not count; -1 for none (default: 255).")
  Integer ignoreLabel;

  @Option(
      names = "--class-weights",
      split = ",",
      hideParamSyntax = true,
      paramLabel = "W,…",
      description = "A weight for each class, or 'balanced': against the share of its pixels.")
  List<String> classWeights;

  @Option(names = "--steps", paramLabel = "N", description = "Steps in all (default: 1000).")
  Long steps;

  @Option(names = "--batch", paramLabel = "N", description = "Images a step (default: 1).")
  Integer batch;

  @Option(
      names = "--optimizer",
      paramLabel = "NAME",
      description = "sgd, momentum or adam (default: adam).")
  String optimizer;

  @Option(
      names = "--learning-rate",
      paramLabel = "X",
      description = "The optimizer's step size (default: 1e-4).")
  Float learningRate;

  @Option(
      names = "--momentum",
      paramLabel = "X",
      description = "Of the momentum optimizer (default: 0.9).")
  Float momentum;

  @Option(
      names = "--weight-decay",
      paramLabel = "X",
      description = "Factor of half the sum of squares of the trained kernels (default: 5e-4).")
  Float weightDecay;

  @Option(
      names = "--dropout",
      paramLabel = "RATE",
      description = "After fc6 and fc7 (default: 0.5).")
  Float dropout;

  @Option(
      names = "--crop",
      paramLabel = "HxW",
      converter = CropSize.Converter.class,
      description = "Train on parts of this size, in pixels, instead of whole images.")
  CropSize crop;

  @Option(
      names = "--augment",
      split = ",",
      hideParamSyntax = true,
      paramLabel = "WHAT,…",
      description =
          "flip, crop (at a random place) or none (default: flip, and crop where --crop is given).")
  List<String> augment;

  @Option(names = "--no-shuffle", description = "Take the images in the same order in each epoch.")
  Boolean noShuffle;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Of everything that is drawn at random (default: 1).")
  Long seed;

  @Option(
      names = "--eval-every",
      paramLabel = "N",
      description = "Steps between validations (default: an epoch, at least 100).")
  Long evalEvery;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads inside an operation; a run repeats exactly at the same number.")
  Integer threads;
}
