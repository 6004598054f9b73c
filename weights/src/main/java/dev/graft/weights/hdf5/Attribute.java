package dev.graft.weights.hdf5;

import dev.graft.weights.OtherEntry;
import dev.graft.weights.hdf5.Datatype.Kind;
import dev.graft.weights.hdf5.GlobalHeap.Text;
import dev.graft.weights.io.Printable;
import java.util.ArrayList;
import java.util.List;

/**
 * A named value of a group or dataset.
 *
 * @param data the elements' bytes
 */
record Attribute(String name, Datatype type, Dataspace space, Cursor data) {
  private static final int SHOWN_TEXTS = 8;
  private static final int SHARED_TYPE_OR_SPACE = 3;

  /** Reads the body of an attribute message. */
  static Attribute read(Cursor body) {
    int version = body.version(1, 3);
    int flags = body.u8();
    int nameSize = body.u16();
    int typeSize = body.u16();
    int spaceSize = body.u16();
    body.skip(version == 3 ? 1 : 0);
    Cursor nameField = field(body, nameSize, version, "attribute's name");
    String name = body.utf8(nameField.untilZero());
    Cursor typeField = field(body, typeSize, version, "attribute's datatype");
    Cursor spaceField = field(body, spaceSize, version, "attribute's dataspace");
    if (version > 1 && (flags & SHARED_TYPE_OR_SPACE) != 0) {
      Datatype committed = Datatype.other(1, "committed datatype");
      Dataspace none = Dataspace.nothing();
      return new Attribute(name, committed, none, body.slice(0, "attribute"));
    }
    Datatype type = DatatypeReader.read(typeField);
    Dataspace space = Dataspace.read(spaceField);
    long size = space.byteSize(type.size(), body);
    return new Attribute(name, type, space, body.slice(size, "attribute " + Printable.of(name)));
  }

  private static Cursor field(Cursor body, int size, int version, String what) {
    Cursor field = body.slice(size, what);
    body.skip(version == 1 ? Math.min(-size & 7, body.remaining()) : 0);
    return field;
  }

  /** All texts, each whole, of an attribute that names things. */
  List<String> names(GlobalHeap heap) {
    long count = space.shape().elementCount();
    if (count == 0) {
      return List.of();
    }
    if (!type.isString() || count > Limits.OBJECTS) {
      throw data.malformed(
          "attribute " + Printable.of(name) + " is " + describeType() + ", expected strings");
    }
    List<String> names = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Text text = Texts.read(element(i), type, heap, Limits.PATH_BYTES);
      if (text.length() > Limits.PATH_BYTES) {
        throw data.malformed("a name of " + text.length() + " bytes");
      }
      String listed = data.utf8(text.bytes());
      data.metadata().keep(listed);
      names.add(listed);
    }
    return names;
  }

  /**
   * What people see of it.
   *
   * @param shownName its name with its object's
   */
  OtherEntry entry(String shownName, GlobalHeap heap) {
    return new OtherEntry(shownName, describeType(), value(heap));
  }

  private String describeType() {
    if (space.empty()) {
      return type.label() + ", empty";
    }
    return type.label() + (space.shape().rank() == 0 ? "" : " " + space.shape());
  }

  private String value(GlobalHeap heap) {
    long count = space.shape().elementCount();
    if (type.kind() == Kind.NUMBER && count == 1) {
      return Numbers.text(type, data.at(0, type.size()).bytes(type.size()));
    }
    if (!type.isString()) {
      return "";
    }
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < Math.min(count, SHOWN_TEXTS); i++) {
      out.append(i == 0 ? "" : ", ");
      out.append(Texts.shown(element(i), type, heap));
    }
    return out + (count > SHOWN_TEXTS ? ", ..." : "");
  }

  private Cursor element(int index) {
    return data.at(index * type.size(), type.size());
  }
}
