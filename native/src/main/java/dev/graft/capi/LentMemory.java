package dev.graft.capi;

import static org.tensorflow.internal.c_api.global.tensorflow.TF_NewTensor;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import org.bytedeco.javacpp.Pointer;
import org.tensorflow.internal.c_api.Deallocator_Pointer_long_Pointer;
import org.tensorflow.internal.c_api.TF_Tensor;

/**
 * Memory of ours under a tensor of TensorFlow, which may hold on to it for longer than the tensor
 * is open (a variable that was assigned from it, a running call). TensorFlow says when it is done,
 * on any thread; until then the owner of the memory stays reachable.
 */
final class LentMemory {
  private static final ConcurrentMap<Long, Loan> LOANS = new ConcurrentHashMap<>();
  private static final AtomicLong LAST_ID = new AtomicLong();
  private static final Return RETURN = new Return().retainReference();

  private LentMemory() {}

  /**
   * Makes a tensor over the memory at an address.
   *
   * @param owner kept reachable until the memory comes back
   * @param onReturn called when the memory comes back; at once where TensorFlow copies it
   * @return null if TensorFlow refuses
   */
  static TF_Tensor lend(
      DataType type, long[] shape, long address, long byteSize, Object owner, Runnable onReturn) {
    long id = LAST_ID.incrementAndGet();
    LOANS.put(id, new Loan(owner, onReturn));
    return TF_NewTensor(
        type.code(),
        shape,
        shape.length,
        new RawMemory(address),
        byteSize,
        RETURN,
        new RawMemory(id));
  }

  /** How many pieces of memory are out. */
  static int loans() {
    return LOANS.size();
  }

  private record Loan(Object owner, Runnable onReturn) {}

  private static final class Return extends Deallocator_Pointer_long_Pointer {
    @Override
    public void call(Pointer data, long length, Pointer id) {
      Loan loan = LOANS.remove(id.address());
      if (loan != null) {
        loan.onReturn.run();
      }
    }
  }
}
