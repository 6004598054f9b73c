package dev.graft.weights.torch;

import static dev.graft.weights.torch.TorchPickles.LEGACY_MAGIC;
import static dev.graft.weights.torch.TorchPickles.entry;
import static dev.graft.weights.torch.TorchPickles.longs;
import static dev.graft.weights.torch.TorchPickles.tensor;
import static dev.graft.weights.torch.TorchPickles.text;
import static dev.graft.weights.torch.TorchPickles.view;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.weights.Golden;
import dev.graft.weights.MalformedWeightsException;
import dev.graft.weights.TestFiles;
import dev.graft.weights.WeightStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The forms before the zip archive: consecutive pickles, and tar. */
class TorchLegacyTest {
  private static final String KEYS = "(" + text("7") + "l.";
  private static final String STORAGE = "\u0004\0\0\0\0\0\0\0\u0001\u0002\u0003\u0004";

  @TempDir Path folder;

  private static String sample(String metadata) {
    String storage = view("ByteStorage", "7", 4, metadata);
    return entry("x", tensor(storage, 0, longs(2), longs(1)));
  }

  private WeightStore open(String content) {
    return WeightStore.open(TestFiles.write(folder, "a.pth", content));
  }

  private void assertRefused(String content, String message) {
    assertThatThrownBy(() -> open(content))
        .isInstanceOf(MalformedWeightsException.class)
        .hasMessageStartingWith(folder.resolve("a.pth") + ": ")
        .hasMessageContaining(message);
  }

  @Test
  void storagesAndTheirViews() {
    try (WeightStore store = open(LEGACY_MAGIC + sample("N") + KEYS + STORAGE)) {
      assertThat(Golden.bytes(store.get("x"))).containsExactly(1, 2);
    }
    String part = "(" + text("8") + "I1\nI3\nt";
    try (WeightStore store = open(LEGACY_MAGIC + sample(part) + KEYS + STORAGE)) {
      assertThat(Golden.bytes(store.get("x"))).containsExactly(2, 3);
    }
    assertRefused(
        LEGACY_MAGIC + sample("(" + text("8") + "I2\nI3\nt") + KEYS + STORAGE,
        "a view of 3 elements from 2 on of a storage of 4");
    assertRefused(
        LEGACY_MAGIC + sample("(" + text("8") + "I3\nI1\nt") + KEYS + STORAGE,
        "a tensor [2] of strides [1] from element 0 to 1 of a storage of 1 elements");
    assertRefused(
        LEGACY_MAGIC + sample("I1\n") + KEYS + STORAGE, "a view of a storage that is not");
  }

  @Test
  void everyProtocolsMagicNumber() {
    String rest = "M\u00e9\u0003.}." + sample("N") + KEYS + STORAGE;
    String number = "\u008a\nl\u00fc\u009cF\u00f9 j\u00a8P\u0019.";
    String[] beginnings = {
      "L119547037146038801333356L\n.",
      "\u0080\u0003" + number,
      "\u0080\u0004\u0095\r\0\0\0\0\0\0\0" + number,
    };
    for (String beginning : beginnings) {
      try (WeightStore store = open(beginning + rest)) {
        assertThat(store.names()).containsExactly("x");
      }
    }
  }

  @Test
  void whatDoesNotFit() {
    String file = LEGACY_MAGIC + sample("N") + KEYS + STORAGE;
    assertRefused(file.replace("M\u00e9\u0003", "M\u00ea\u0003"), "the protocol is 1002, expected");
    assertRefused(
        file.replace("}.", "]."), "the third pickle is of the type list, expected a dict");
    assertRefused(
        LEGACY_MAGIC + sample("N") + "N." + STORAGE, "the fifth pickle is of the type None");
    assertRefused(file.replace(KEYS, "(" + text("8") + "l."), "one that no tensor uses: \"8\"");
    assertRefused(
        file.replace(KEYS, "(" + text("7").repeat(2) + "l.") + STORAGE, "\"7\" is there twice");
    assertRefused(LEGACY_MAGIC + sample("N") + "].", "storage \"7\" is not in the list of keys");
    assertRefused(
        file.replace("\u0004\0\0\0\0\0\0\0", "\u0003\0\0\0\0\0\0\0"),
        "storage \"7\" has 3 bytes at byte");
    assertRefused(
        file.replace("\u0004\0\0\0\0\0\0\0", "\u0004\0\0\0\0\0\0\u0080"),
        "but storage \"7\" needs 9223372036854775812 elements of 1 bytes");
    assertRefused(file + "x", "1 trailing bytes after the last storage");
    assertRefused(file.substring(0, file.length() - 8), "needs its length at byte");
  }

  private static byte[] tar() throws IOException {
    return Files.readAllBytes(Golden.file("../edge/torch_tar.tar"));
  }

  private void assertTarRefused(byte[] bytes, String message) {
    assertRefused(new String(bytes, StandardCharsets.ISO_8859_1), message);
  }

  /** Where the header of a member is. */
  private static int header(byte[] tar, String name) {
    for (int at = 0; at < tar.length; at += 512) {
      String start = new String(tar, at, name.length() + 1, StandardCharsets.ISO_8859_1);
      if (start.equals(name + "\0")) {
        return at;
      }
    }
    throw new AssertionError(name);
  }

  private static void seal(byte[] tar, int header) {
    System.arraycopy("        ".getBytes(StandardCharsets.US_ASCII), 0, tar, header + 148, 8);
    int sum = 0;
    for (int i = 0; i < 512; i++) {
      sum += tar[header + i] & 0xff;
    }
    byte[] octal = String.format("%06o\0 ", sum).getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(octal, 0, tar, header + 148, 8);
  }

  @Test
  void brokenTarHeaders() throws IOException {
    byte[] tar = tar();
    int member = header(tar, "tensors");
    tar[member + 2] = 'x';
    assertTarRefused(tar, "the header at byte " + member + " has the checksum");
    seal(tar, member);
    assertTarRefused(tar, "has no member \"tensors\"");

    tar = tar();
    tar[member + 156] = '2';
    seal(tar, member);
    assertTarRefused(tar, "member \"tensors\" at byte " + member + " is no regular file");

    tar = tar();
    tar[member + 124] = '9';
    seal(tar, member);
    assertTarRefused(tar, "has the number \"9");

    tar = tar();
    ByteBuffer.wrap(tar).putInt(member + 124, 0x8000_0000).putLong(member + 128, Long.MAX_VALUE);
    seal(tar, member);
    assertTarRefused(tar, "but member \"tensors\" needs");

    tar = tar();
    tar[tar.length - 1] = 1;
    assertTarRefused(tar, "trailing bytes that are not zero after the empty block");
  }

  @Test
  void brokenTarMembers() throws IOException {
    byte[] tar = tar();
    String text = new String(tar, StandardCharsets.ISO_8859_1);
    // A tensor's key, its storage's key, its rank.
    assertRefused(text.replace("Kd\u008a", "Ke\u008a"), "the key 101 is there twice");
    assertRefused(
        text.replace("Kd\u008a\u0005\0", "Kd\u008a\u0005\t"), "a tensor's key or storage is not");
    int rank = text.indexOf("FloatTensor\n") + "FloatTensor\nq\1\u0087q\2.".length();
    assertThat(tar[rank]).isEqualTo((byte) 2);
    assertRefused(
        text.substring(0, rank) + "\101" + text.substring(rank + 1), "has 65 dimensions, expected");
    assertRefused(
        text.substring(0, rank + 8) + "\3" + text.substring(rank + 9),
        "a tensor [3, 3] of strides [3, 1] from element 0 to 8 of a storage of 6 elements");
  }
}
