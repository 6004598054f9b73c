package dev.graft.weights.archive;

import dev.graft.weights.FileFormat;
import dev.graft.weights.MalformedWeightsException;
import dev.graft.weights.WeightFormat;
import dev.graft.weights.WeightStore;
import dev.graft.weights.io.MappedFile;
import dev.graft.weights.zip.ZipDirectory;
import dev.graft.weights.zip.ZipEntry;
import dev.graft.weights.zip.ZipHead;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A zip archive that is no container of its own, as an .npz or PyTorch's is one: it holds a file
 * that is, or the files of a folder that is.
 */
public final class ArchiveFormat implements WeightFormat {
  private static final String NPY = ".npy";

  /** What PyTorch's archives begin with, below a folder of any name. */
  private static final List<String> PYTORCH =
      List.of(
          "/data.pkl",
          "/constants.pkl",
          "/version",
          "/byteorder",
          "/.format_version",
          "/.storage_alignment");

  private static final String KERAS_WEIGHTS = "model.weights.h5";

  /** What Keras 3 saves a whole model as. */
  private static final Set<String> KERAS = Set.of("metadata.json", "config.json", KERAS_WEIGHTS);

  private static final String TORCHSCRIPT_CODE = "/code/";

  @Override
  public String name() {
    return "zip";
  }

  /** An archive whose first entry is neither an .npy nor one of PyTorch's. */
  @Override
  public boolean matches(Path path, ByteBuffer head) {
    return matches(head);
  }

  static boolean matches(ByteBuffer head) {
    return ZipHead.firstName(head)
        .filter(name -> !name.endsWith(NPY))
        .filter(name -> PYTORCH.stream().noneMatch(name::endsWith))
        .filter(name -> !name.contains(TORCHSCRIPT_CODE))
        .isPresent();
  }

  @Override
  public WeightStore open(Path path) {
    MappedFile archive = MappedFile.open(path);
    List<ZipEntry> files =
        kerasWeights(EntryNames.files(ZipDirectory.read(archive), archive.source()));
    if (files.isEmpty()) {
      throw new MalformedWeightsException(path + ": the archive holds no file");
    }
    if (files.size() == 1 && !files.get(0).deflated()) {
      ZipEntry entry = files.get(0);
      MappedFile part = archive.part(entry.dataStart(), entry.size(), entry.name());
      Optional<FileFormat> format = FileFormat.of(part);
      if (format.isPresent()) {
        return format.get().open(part);
      }
    }
    return Extracted.open(archive, files);
  }

  /** Of a {@code .keras} file its weights; of any other archive everything. */
  private static List<ZipEntry> kerasWeights(List<ZipEntry> files) {
    Set<String> names = files.stream().map(ZipEntry::name).collect(Collectors.toSet());
    return names.equals(KERAS)
        ? files.stream().filter(file -> file.name().equals(KERAS_WEIGHTS)).toList()
        : files;
  }
}
