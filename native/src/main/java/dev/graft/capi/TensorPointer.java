package dev.graft.capi;

import org.tensorflow.internal.c_api.TF_Tensor;

/** A {@code TF_Tensor*} that can be moved to another tensor, so that a call needs only one. */
final class TensorPointer extends TF_Tensor {
  void moveTo(long newAddress) {
    address = newAddress;
  }
}
