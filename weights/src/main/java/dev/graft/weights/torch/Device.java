package dev.graft.weights.torch;

/** A {@code torch.device}, such as {@code cuda:0}. */
record Device(String name) {
  @Override
  public String toString() {
    return name;
  }
}
