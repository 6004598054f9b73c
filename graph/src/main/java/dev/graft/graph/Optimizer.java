package dev.graft.graph;

import dev.graft.capi.DataType;
import dev.graft.capi.Operation;
import dev.graft.capi.OperationBuilder;
import dev.graft.capi.Output;
import dev.graft.capi.Tensor;
import java.util.List;

/** How a gradient changes a variable. Variables of its own, of the same shape, are its slots. */
public sealed interface Optimizer {
  /** The step size. */
  float learningRate();

  /** Names of the slots that each variable needs; they start as zeros. */
  List<String> slots();

  /**
   * Adds the update of one variable.
   *
   * @param slots the handles, in the order of {@link #slots()}
   * @param step int64 scalar: how many updates were made before
   * @param after operations that must be done before the variable changes
   */
  Operation apply(
      Ops ops,
      Operation variable,
      Output gradient,
      List<Operation> slots,
      Output step,
      List<Operation> after);

  /**
   * Gradient descent: w −= rate · g.
   *
   * @param learningRate the rate
   */
  record Sgd(float learningRate) implements Optimizer {
    @Override
    public List<String> slots() {
      return List.of();
    }

    @Override
    public Operation apply(
        Ops ops,
        Operation variable,
        Output gradient,
        List<Operation> slots,
        Output step,
        List<Operation> after) {
      return finish(
          ops.op("ResourceApplyGradientDescent", "apply")
              .input(variable.output())
              .input(ops.constant("rate", learningRate))
              .input(gradient),
          after);
    }
  }

  /**
   * Gradient descent with momentum: a = momentum · a + g, w −= rate · a.
   *
   * @param learningRate the rate
   * @param momentum the share of the last update that is kept, usually 0.9
   */
  record Momentum(float learningRate, float momentum) implements Optimizer {
    @Override
    public List<String> slots() {
      return List.of("momentum");
    }

    @Override
    public Operation apply(
        Ops ops,
        Operation variable,
        Output gradient,
        List<Operation> slots,
        Output step,
        List<Operation> after) {
      return finish(
          ops.op("ResourceApplyMomentum", "apply")
              .input(variable.output())
              .input(slots.get(0).output())
              .input(ops.constant("rate", learningRate))
              .input(gradient)
              .input(ops.constant("momentum", momentum)),
          after);
    }
  }

  /**
   * Adam as in the paper (Kingma and Ba, 2015, algorithm 1): epsilon is added to the corrected root
   * of the second moment.
   *
   * @param learningRate the rate, often 1e-5 to 3e-4 here
   * @param beta1 decay of the first moment, usually 0.9
   * @param beta2 decay of the second moment, usually 0.999
   * @param epsilon usually 1e-8
   */
  record Adam(float learningRate, float beta1, float beta2, float epsilon) implements Optimizer {
    /** The paper's settings. */
    public Adam(float learningRate) {
      this(learningRate, 0.9f, 0.999f, 1e-8f);
    }

    @Override
    public List<String> slots() {
      return List.of("adam_m", "adam_v");
    }

    @Override
    public Operation apply(
        Ops ops,
        Operation variable,
        Output gradient,
        List<Operation> slots,
        Output step,
        List<Operation> after) {
      Output count =
          ops.cast(
              "count",
              ops.binary("AddV2", "next_step", step, ops.constant("one", Tensor.of(1L))),
              DataType.FLOAT);
      Output beta1Value = ops.constant("beta1", beta1);
      Output beta2Value = ops.constant("beta2", beta2);
      Output beta2Power = ops.binary("Pow", "beta2_power", beta2Value, count);
      // TensorFlow's kernel adds epsilon to the uncorrected root, so epsilon is scaled as the root
      // is.
      Output scaledEpsilon =
          ops.mul(
              "scaled_epsilon",
              ops.constant("epsilon", epsilon),
              ops.unary(
                  "Sqrt",
                  "correction",
                  ops.binary("Sub", "complement", ops.constant("unit", 1f), beta2Power)));
      return finish(
          ops.op("ResourceApplyAdam", "apply")
              .input(variable.output())
              .input(slots.get(0).output())
              .input(slots.get(1).output())
              .input(ops.binary("Pow", "beta1_power", beta1Value, count))
              .input(beta2Power)
              .input(ops.constant("rate", learningRate))
              .input(beta1Value)
              .input(beta2Value)
              .input(scaledEpsilon)
              .input(gradient),
          after);
    }
  }

  private static Operation finish(OperationBuilder builder, List<Operation> after) {
    after.forEach(builder::controlInput);
    return builder.finish();
  }
}
