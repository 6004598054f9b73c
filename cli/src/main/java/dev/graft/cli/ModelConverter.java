package dev.graft.cli;

import dev.graft.graph.Model;
import java.util.Iterator;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A model by the name that it has on the command line. */
final class ModelConverter implements ITypeConverter<Model>, Iterable<String> {
  @Override
  public Model convert(String value) {
    try {
      return Model.of(value);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }

  @Override
  public Iterator<String> iterator() {
    return Model.labels().iterator();
  }
}
