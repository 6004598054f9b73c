package dev.graft.graph;

import dev.graft.capi.DataType;
import dev.graft.capi.Output;
import dev.graft.capi.Tensor;

/**
 * Dropout whose mask is a function of a seed, the step and the layer alone, so that a resumed run
 * draws what an uninterrupted one would have drawn.
 *
 * @param rate the share of values set to zero, 0 ≤ rate &lt; 1; the others are divided by 1 − rate
 * @param seed of the run
 * @param step int64 scalar: the number of the step
 */
record Dropout(float rate, long seed, Output step) {
  Output apply(Ops ops, String name, Output input, int layer) {
    if (rate == 0) {
      return input;
    }
    Ops in = ops.withScope(name);
    Output base = in.constant("seed", Tensor.of(seed * 31 + layer));
    Output seeds = in.pack("seeds", base, step);
    Output noise =
        in.op("StatelessRandomUniform", "noise")
            .input(in.shape("shape", input))
            .input(seeds)
            .attr("dtype", DataType.FLOAT)
            .output();
    Output keep =
        in.cast(
            "keep",
            in.binary("GreaterEqual", "kept", noise, in.constant("rate", rate)),
            DataType.FLOAT);
    Output scaled = in.mul("scaled", input, in.constant("scale", 1 / (1 - rate)));
    return in.mul("dropped", scaled, keep);
  }
}
