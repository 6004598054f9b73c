package dev.graft.weights.hdf5;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.weights.MalformedWeightsException;
import dev.graft.weights.UnsafeWeightsException;
import dev.graft.weights.WeightStore;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sound HDF5 files of things that are not read: loops, other files, types that are no numbers. */
class RefusedHdf5Test {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "cycle|\"g/h/up\": is the same group as the root group, a loop or a second link, which is"
            + " not read",
        "group_twice|\"k\": is the same group as \"g\", a loop or a second link, which is not read",
        "dataset_20_times|\"y5\": is one of more than 16 links to one dataset",
        "compound|\"c\": is of type compound of 6 bytes, which is not read",
        "variable_length|\"v\": is of type variable-length sequence of 16 bytes, which is not read",
        "reference|\"r\": is of type reference of 8 bytes, which is not read",
        "enumeration|\"e\": is of type enumeration of 2 bytes, which is not read",
        "array_type|\"a\": is of type array of 12 bytes, which is not read",
        "opaque|\"o\": is of type opaque of 3 bytes, which is not read",
        "committed|\"x\": byte 1176: its datatype is shared (a committed one), which is not read",
        "scaleoffset|the filter scaleoffset is not read; read are gzip, shuffle, lzf and fletcher32",
        "growing|a chunk index of type 4 (of a dataset that can grow",
        "deep|groups are nested more than 64 deep",
        "huge_chunked|\"h\": chunks of 4611686018427387904 bytes, more than can come out of this file",
        "huge_contiguous|\"h\": chunks of 4503599627370496 bytes, more than can come out of this file",
        "large_chunk|\"h\": its chunks have more than 8388608 bytes, which is not read",
        "no_weight|weight_names of \"a\" has \"a/kernel:0\", but there is no such array",
        "no_layer|layer_names has \"a\", but there is no such group with weight_names",
        "names_are_numbers|attribute \"layer_names\" is int64 [2], expected strings",
        "same_name|the array \"x\" is there twice",
      })
  void malformed(String name, String message) {
    Path file = Hdf5Files.file("refused/" + name + ".h5");
    assertThatThrownBy(() -> WeightStore.open(file))
        .isInstanceOf(MalformedWeightsException.class)
        .hasMessageStartingWith(file + ": ")
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "external_link|root group: link \"e\" is external: it wants another file opened",
        "external_data|\"d\": its elements are in another file, which it wants opened",
        "virtual|\"v\": is a virtual dataset: it wants other files or datasets opened",
      })
  void wantsAnotherFile(String name, String message) {
    Path file = Hdf5Files.file("refused/" + name + ".h5");
    assertThatThrownBy(() -> WeightStore.open(file))
        .isInstanceOf(UnsafeWeightsException.class)
        .hasMessage(file + ": " + message);
  }
}
