/**
 * Training: data sets of photographs and masks, the input pipeline, the loop, evaluation and logs.
 *
 * <p>{@link dev.graft.train.Trainer} is the way in; {@link dev.graft.train.Evaluator} evaluates
 * finished weights. Images are read, decoded and augmented by TensorFlow's threads; the Java side
 * is one thread that runs a prepared call a step.
 */
package dev.graft.train;
