package dev.graft.graph;

import dev.graft.capi.DataType;
import dev.graft.capi.Operation;
import dev.graft.capi.Output;
import dev.graft.capi.Session;
import dev.graft.capi.Tensor;
import dev.graft.weights.Shape;
import dev.graft.weights.WeightArray;
import dev.graft.weights.WeightStore;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * A network with everything that training needs: loss, gradients of the variables, updates, a step
 * counter, and a second copy of the network, on the same parameters, that counts a confusion matrix
 * for validation.
 *
 * <p>Below the lowest variable there are no backward operations. Every update waits for all
 * gradients: an optimizer copies a variable that is still being read, 392 MiB for fc6.
 */
public final class TrainingGraph {
  /**
   * What is trained and how.
   *
   * @param optimizer makes updates of gradients
   * @param weightDecay the factor of ½Σw² of the trained kernels, which is added to the loss
   * @param ignoredLabel pixels with this label do not count; -1 for none
   * @param classWeights a weight for each class; empty for 1
   * @param dropout the rate after fc6 and fc7
   * @param seed of dropout
   */
  public record Settings(
      Optimizer optimizer,
      float weightDecay,
      int ignoredLabel,
      List<Float> classWeights,
      float dropout,
      long seed) {}

  private final Ops ops;
  private final Scores scores;
  private final Settings settings;
  private final Parameters parameters;
  private final Variable step;
  private final List<Variable> slots = new ArrayList<>();
  private Output dataLoss;
  private Output regularizationLoss;
  private Operation train;
  private Operation initializeSlots;
  private final Map<String, Output> initialValues = new LinkedHashMap<>();
  private final Map<String, Operation> assigns = new LinkedHashMap<>();

  private TrainingGraph(
      Ops ops,
      Scores scores,
      Map<String, Shape> shapes,
      Map<String, Constant> frozen,
      Settings settings) {
    ops.kernels().choice().requireTrainable();
    this.ops = ops;
    this.scores = scores;
    this.settings = settings;
    this.parameters = Parameters.create(ops, shapes, frozen);
    this.step = Variable.create(ops, "global_step", DataType.INT64, Shape.of());
  }

  /**
   * Builds the training part.
   *
   * @param shapes of all parameters
   * @param frozen the constants among them
   * @param images uint8 RGB [batch, height, width, 3]
   * @param labels uint8 [batch, height, width]; of a classifier [batch, 1, 1]
   * @throws GraphException naming every variable on which the loss does not depend, or where the
   *     graph's {@link Kernels} are for prediction only
   */
  public static TrainingGraph build(
      Ops ops,
      Model model,
      Map<String, Shape> shapes,
      Map<String, Constant> frozen,
      Output images,
      Output labels,
      Settings settings) {
    TrainingGraph result = new TrainingGraph(ops, Scores.of(model), shapes, frozen, settings);
    Dropout dropout = new Dropout(settings.dropout(), settings.seed(), result.step.read());
    Network network =
        Network.build(
            ops.withGradients(),
            model,
            Network.preprocess(ops, images),
            result.parameters.values(),
            Optional.of(dropout));
    result.addTraining(network.logits(), labels);
    return result;
  }

  /**
   * Builds the training part of a network of the caller's own, without dropout.
   *
   * @param scores the network
   * @param shapes of all its parameters
   * @param frozen the constants among them
   * @param images uint8 RGB [batch, height, width, 3]
   * @param labels uint8 [batch, rows, columns], as many as there are scores
   * @throws GraphException naming every variable on which the loss does not depend, or where the
   *     graph's {@link Kernels} are for prediction only
   */
  public static TrainingGraph build(
      Ops ops,
      Scores scores,
      Map<String, Shape> shapes,
      Map<String, Constant> frozen,
      Output images,
      Output labels,
      Settings settings) {
    TrainingGraph result = new TrainingGraph(ops, scores, shapes, frozen, settings);
    result.addTraining(scores.of(ops.withGradients(), images, result.parameters.values()), labels);
    return result;
  }

  private void addTraining(Output logits, Output labels) {
    if (parameters.variables().isEmpty()) {
      throw new GraphException("everything is frozen: there is nothing to train");
    }
    addLossAndUpdates(logits, labels);
    addAssigns();
  }

  private void addLossAndUpdates(Output logits, Output labels) {
    Losses.Loss loss =
        Losses.pixelCrossEntropy(
            ops, logits, labels, settings.ignoredLabel(), settings.classWeights());
    dataLoss = loss.value();
    List<Variable> variables = parameters.variables();
    List<Output> gradients = addWeightDecay(variables, gradients(variables, loss));
    List<Operation> before = new ArrayList<>();
    before.add(dataLoss.operation());
    before.add(regularizationLoss.operation());
    gradients.forEach(gradient -> before.add(gradient.operation()));
    Operation ready = ops.group("gradients_ready", before);
    List<Operation> updates = new ArrayList<>();
    List<Operation> slotInits = new ArrayList<>();
    for (int i = 0; i < variables.size(); i++) {
      Variable variable = variables.get(i);
      Ops in = ops.withScope("train/" + variable.name());
      List<Operation> handles = new ArrayList<>();
      for (String slot : settings.optimizer().slots()) {
        Variable created =
            Variable.create(ops, variable.name() + "/" + slot, DataType.FLOAT, variable.shape());
        slots.add(created);
        handles.add(created.handle());
        Output zeros =
            in.binary(
                "Fill",
                slot + "_zeros",
                in.constant(slot + "_shape", Tensor.of(variable.shape().dims())),
                in.constant(slot + "_zero", 0f));
        slotInits.add(in.assign(slot + "_init", created.handle(), zeros));
      }
      updates.add(
          settings
              .optimizer()
              .apply(
                  in, variable.handle(), gradients.get(i), handles, step.read(), List.of(ready)));
    }
    train =
        ops.assignAdd(
            "train/step", step.handle(), ops.constant("train/one", Tensor.of(1L)), updates);
    Operation stepInit =
        ops.assign("init/step", step.handle(), ops.constant("init/zero", Tensor.of(0L)));
    slotInits.add(stepInit);
    initializeSlots = ops.group("init/slots", slotInits);
  }

  private List<Output> gradients(List<Variable> variables, Losses.Loss loss) {
    Output[] xs = variables.stream().map(Variable::read).toArray(Output[]::new);
    Output[] gradients =
        Backward.gradients(ops, "gradients", loss.logits(), loss.logitsGradient(), xs);
    List<String> without = new ArrayList<>();
    for (int i = 0; i < gradients.length; i++) {
      if (gradients[i] == null) {
        without.add(variables.get(i).name());
      }
    }
    if (!without.isEmpty()) {
      throw GraphException.of(
          "the loss does not depend on variables that are to be trained", without);
    }
    return List.of(gradients);
  }

  /** Adds decay · w to the gradients of kernels, and the sum ½ · decay · Σw² as a loss. */
  private List<Output> addWeightDecay(List<Variable> variables, List<Output> gradients) {
    Ops in = ops.withScope("weight_decay");
    List<Output> result = new ArrayList<>(gradients);
    List<Output> halfSquares = new ArrayList<>();
    Output factor = in.constant("factor", settings.weightDecay());
    for (int i = 0; i < variables.size(); i++) {
      Variable variable = variables.get(i);
      if (settings.weightDecay() != 0 && variable.name().endsWith("/kernel")) {
        Ops each = in.withScope(variable.name());
        halfSquares.add(each.unary("L2Loss", "half_square", variable.read()));
        Output decay = each.mul("decay", variable.read(), factor);
        result.set(i, each.add("gradient", gradients.get(i), decay));
      }
    }
    regularizationLoss =
        halfSquares.isEmpty()
            ? in.constant("none", 0f)
            : in.mul("loss", factor, in.addN("sum", halfSquares));
    return result;
  }

  private void addAssigns() {
    for (Variable variable : parameters.variables()) {
      Output value =
          ops.placeholder("init/" + variable.name(), DataType.FLOAT, variable.shape().dims());
      initialValues.put(variable.name(), value);
      assigns.put(
          variable.name(), ops.assign("init/assign/" + variable.name(), variable.handle(), value));
    }
  }

  /**
   * Gives all variables their first values: parameters from their arrays, slots and step 0. A value
   * is fed, one at a time, since a constant of it in the graph would be copied many times.
   */
  public void initialize(Session session, Function<String, WeightArray> values) {
    session.runner().target(initializeSlots).run();
    assigns.forEach(
        (name, assign) -> {
          WeightArray array = values.apply(name);
          try (Tensor tensor = tensor(array)) {
            session.runner().feed(initialValues.get(name), tensor).target(assign).run();
          }
        });
  }

  /**
   * Always a copy: the variable takes the tensor's memory over and is written to in place, which
   * must neither be a mapped file nor memory that somebody else frees.
   */
  private static Tensor tensor(WeightArray array) {
    Tensor tensor = Tensor.allocate(DataType.FLOAT, array.shape().dims());
    array.read(0, tensor.bytes().order(ByteOrder.LITTLE_ENDIAN));
    return tensor;
  }

  /**
   * Adds a copy of the network, without dropout, that compares its predictions with labels.
   *
   * @param images uint8 RGB [batch, height, width, 3]
   * @param labels uint8 [batch, height, width]
   */
  public Validation addValidation(Output images, Output labels) {
    Ops in = ops.withScope("validation");
    return Validation.build(
        in, scores.of(in, images, parameters.values()), labels, settings.ignoredLabel());
  }

  /** float32 scalar: the mean cross-entropy of the batch, before the update. */
  public Output dataLoss() {
    return dataLoss;
  }

  /** float32 scalar: ½ · decay · Σw² of the trained kernels, before the update. */
  public Output regularizationLoss() {
    return regularizationLoss;
  }

  /** Computes gradients, updates all variables, and counts the step. */
  public Operation train() {
    return train;
  }

  /** int64 scalar: how many steps were done. */
  public Output step() {
    return step.read();
  }

  /** The names of the parameters that are trained. */
  public Set<String> trained() {
    return assigns.keySet();
  }

  /** Bytes of all variables, slots included. */
  public long variableBytes() {
    return checkpointed().stream().mapToLong(Variable::byteSize).sum();
  }

  /** The values of the trained parameters, by name, for summaries. */
  public Map<String, Output> trainedValues() {
    Map<String, Output> result = new LinkedHashMap<>();
    parameters.variables().forEach(variable -> result.put(variable.name(), variable.read()));
    return result;
  }

  /** The trained parameters as they are now. Closing the store frees them. */
  public WeightStore values(Session session) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    trainedValues()
        .forEach((name, output) -> tensors.put(name, session.runner().fetch(output).runOne()));
    return TensorArray.store(tensors, "the trained parameters");
  }

  /** The values of all parameters, frozen ones too, by name. */
  Map<String, Output> parameterValues() {
    return parameters.values();
  }

  Ops ops() {
    return ops;
  }

  long seed() {
    return settings.seed();
  }

  /** All variables that a checkpoint holds: parameters, slots, step. */
  List<Variable> checkpointed() {
    List<Variable> all = new ArrayList<>(parameters.variables());
    all.addAll(slots);
    all.add(step);
    return all;
  }
}
