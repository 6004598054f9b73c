package dev.graft.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Height and width of a crop in pixels, as in {@code 352x480}. */
record CropSize(int height, int width) {
  private static final Pattern FORM = Pattern.compile("([1-9][0-9]{0,4})[xX×]([1-9][0-9]{0,4})");

  /** From the command line. */
  static final class Converter implements ITypeConverter<CropSize> {
    @Override
    public CropSize convert(String value) {
      Matcher matcher = FORM.matcher(value);
      if (!matcher.matches()) {
        throw new TypeConversionException(
            "expected HEIGHTxWIDTH in pixels, such as 352x480, found '" + value + "'");
      }
      return new CropSize(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
    }
  }
}
