package dev.graft.weights.torch;

import dev.graft.weights.ContainerWriter;
import dev.graft.weights.WeightArray;
import dev.graft.weights.WeightStore;
import dev.graft.weights.WeightsException;
import dev.graft.weights.io.AtomicOutput;
import dev.graft.weights.io.Printable;
import dev.graft.weights.pickle.PickleNames;
import dev.graft.weights.zip.ZipWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * Writes the zip archive that {@code torch.load(path, weights_only=True)} reads, of PyTorch 1.6 and
 * later: an OrderedDict of the store's names and tensors, in the store's order.
 */
public final class TorchWriter implements ContainerWriter {
  private static final String FOLDER = "archive/";

  @Override
  public String name() {
    return "torch";
  }

  @Override
  public String description() {
    return "PyTorch state dictionary";
  }

  @Override
  public List<String> extensions() {
    return List.of(".pth", ".pt");
  }

  @Override
  public void write(Path destination, WeightStore store, LongConsumer progress) {
    for (String name : store.names()) {
      PickleNames.requireReadable(name, destination);
      WeightArray array = store.get(name);
      if (StorageType.of(array.dtype()).isEmpty()) {
        throw new WeightsException(
            destination
                + ": array "
                + Printable.of(name)
                + " cannot be written: PyTorch has no storage of dtype "
                + array.dtype());
      }
    }
    byte[] pickle = TorchPickle.of(store);
    try (AtomicOutput out = new AtomicOutput(destination, progress)) {
      ZipWriter zip = new ZipWriter(out, destination.toString());
      zip.entry(FOLDER + "data.pkl", pickle);
      zip.entry(FOLDER + "byteorder", ascii("little"));
      int key = 0;
      for (String name : store.names()) {
        zip.entry(FOLDER + "data/" + key++, new byte[0], store.get(name));
      }
      zip.entry(FOLDER + "version", ascii("3\n"));
      zip.finish();
      out.commit();
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
