package dev.graft.weights.torch;

import dev.graft.weights.FileFormat;
import dev.graft.weights.WeightStore;
import dev.graft.weights.io.MappedFile;
import dev.graft.weights.zip.ZipHead;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * What {@code torch.save} wrote, in any of its three forms, and TorchScript archives. An array is
 * named by the keys on the way to it, joined by dots, with list indices in brackets.
 */
public final class TorchFormat implements FileFormat {
  @Override
  public String name() {
    return "torch";
  }

  @Override
  public boolean matches(Path path, ByteBuffer head) {
    return LegacyMagic.length(head) > 0 || TarForm.isIn(head) || ZipForm.matches(path, head);
  }

  @Override
  public WeightStore open(MappedFile file) {
    ByteBuffer head = ByteBuffer.allocate((int) Math.min(TarForm.HEAD_BYTES, file.length()));
    file.read(0, head);
    head.flip();
    int magic = LegacyMagic.length(head);
    if (magic > 0) {
      return new LegacyForm(file).open(magic);
    }
    return ZipHead.isArchive(head) ? new ZipForm(file).open() : new TarForm(file).open();
  }
}
