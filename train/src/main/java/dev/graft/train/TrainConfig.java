package dev.graft.train;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.List;

/**
 * All settings of a run, as {@code run.json} keeps them.
 *
 * @param model such as {@code fcn8s}
 * @param data the folder of the data set
 * @param masks the name of its masks' folder; empty for the layout's own
 * @param weights files that the run started from, each with its table, for the record
 * @param exclude scopes of the weights that were left out
 * @param init scopes besides the head that were initialised
 * @param freeze scopes that do not change
 * @param classes how many
 * @param classNames of class 0 and on; may be empty
 * @param ignoreLabel pixels with this label do not count; -1 for none
 * @param steps in all
 * @param batch images a step
 * @param optimizer sgd, momentum or adam
 * @param learningRate its step size
 * @param momentum of the momentum optimizer
 * @param weightDecay the factor of ½Σw² of the trained kernels
 * @param dropout rate after fc6 and fc7
 * @param cropHeight in pixels; 0 for whole images
 * @param cropWidth in pixels; 0 for whole images
 * @param augment of flip and crop
 * @param shuffle whether each epoch has an order of its own
 * @param classWeights a weight for each class; empty for 1
 * @param seed of the split, the order, the augmentation, dropout and new weights
 * @param evalEvery steps between validations
 * @param threads of one operation; 0 lets TensorFlow decide
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record TrainConfig(
    String model,
    String data,
    String masks,
    List<String> weights,
    List<String> exclude,
    List<String> init,
    List<String> freeze,
    int classes,
    List<String> classNames,
    int ignoreLabel,
    long steps,
    int batch,
    String optimizer,
    float learningRate,
    float momentum,
    float weightDecay,
    float dropout,
    int cropHeight,
    int cropWidth,
    List<String> augment,
    boolean shuffle,
    List<Float> classWeights,
    long seed,
    long evalEvery,
    int threads) {}
