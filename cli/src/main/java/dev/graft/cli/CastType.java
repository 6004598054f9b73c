package dev.graft.cli;

import dev.graft.weights.DType;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A floating point type as {@code --dtype} names it. */
enum CastType {
  F32("f32", DType.FLOAT32),
  F16("f16", DType.FLOAT16),
  BF16("bf16", DType.BFLOAT16),
  F64("f64", DType.FLOAT64);

  private final String label;
  private final DType dtype;

  CastType(String label, DType dtype) {
    this.label = label;
    this.dtype = dtype;
  }

  DType dtype() {
    return dtype;
  }

  @Override
  public String toString() {
    return label;
  }

  /** From the command line. */
  static final class Converter implements ITypeConverter<CastType>, Iterable<String> {
    @Override
    public CastType convert(String value) {
      return Arrays.stream(values())
          .filter(type -> type.label.equals(value))
          .findFirst()
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      "there is no type '%s'; the types are %s"
                          .formatted(value, labels().stream().collect(Collectors.joining(", ")))));
    }

    @Override
    public Iterator<String> iterator() {
      return labels().iterator();
    }

    private static List<String> labels() {
      return Arrays.stream(values()).map(CastType::toString).toList();
    }
  }
}
