package dev.graft.weights.hdf5;

import dev.graft.weights.MalformedWeightsException;
import dev.graft.weights.OtherEntry;
import dev.graft.weights.hdf5.Datasets.Dataset;
import dev.graft.weights.io.Printable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Walks through all groups of a file, each once. */
final class TreeReader {
  private static final String LAYER_NAMES = "layer_names";
  private static final String WEIGHT_NAMES = "weight_names";

  private final Metadata metadata;
  private final GlobalHeap heap;
  private final Datasets datasets;
  private final Tree tree = new Tree();
  private final Deque<Step> steps = new ArrayDeque<>();
  private final Map<Long, Seen> seen = new HashMap<>();
  private int objects;
  private int attributes;

  private TreeReader(Metadata metadata) {
    this.metadata = metadata;
    this.heap = new GlobalHeap(metadata);
    this.datasets = new Datasets(metadata, heap);
  }

  /** An object still to be read. */
  private record Step(String path, Link link, int depth) {}

  /** An object that has been read: its first path, its array or null, how many links it has. */
  private record Seen(String path, Dataset dataset, int links) {}

  static Tree read(Superblock superblock) {
    TreeReader reader = new TreeReader(superblock.metadata());
    reader.steps.push(new Step("", Link.hard("", superblock.root()), 0));
    while (!reader.steps.isEmpty()) {
      reader.visit(reader.steps.pop());
    }
    reader.datasets.finish();
    return reader.tree;
  }

  private void visit(Step step) {
    String path = step.path();
    metadata.enter(path.isEmpty() ? "root group" : Printable.of(path));
    if (step.link().target() != null) {
      String target = Printable.of(step.link().target());
      tree.others.add(new OtherEntry(path, "soft link, not followed", target));
      return;
    }
    long address = step.link().address();
    Seen before = seen.get(address);
    if (before != null) {
      again(step, before);
      return;
    }
    ObjectHeader header = ObjectHeader.read(metadata, address);
    List<Attribute> values = Attributes.read(metadata, header);
    attributes += values.size();
    if (attributes > Limits.ATTRIBUTES) {
      throw metadata.malformed(address, "more than " + Limits.ATTRIBUTES + " attributes in all");
    }
    if (Links.isGroup(header)) {
      seen.put(address, new Seen(path, null, 1));
      group(step, header, values);
    } else if (header.first(ObjectHeader.LAYOUT).isPresent()) {
      Dataset dataset = datasets.read(path, header, values);
      seen.put(address, new Seen(path, dataset, 1));
      add(path, dataset);
      show(path, values);
    } else if (header.first(ObjectHeader.DATATYPE).isPresent()) {
      tree.others.add(new OtherEntry(path, "committed datatype", ""));
    } else {
      throw metadata.malformed(address, "is neither a group nor a dataset");
    }
  }

  /** A second link to the same object: fine for a few names of one dataset, a loop for a group. */
  private void again(Step step, Seen before) {
    if (before.dataset() == null) {
      throw new MalformedWeightsException(
          metadata.where()
              + "is the same group as "
              + (before.path().isEmpty() ? "the root group" : Printable.of(before.path()))
              + ", a loop or a second link, which is not read");
    }
    if (before.links() == Limits.LINKS_OF_DATASET) {
      throw new MalformedWeightsException(
          metadata.where() + "is one of more than " + before.links() + " links to one dataset");
    }
    seen.put(step.link().address(), new Seen(before.path(), before.dataset(), before.links() + 1));
    add(step.path(), before.dataset());
  }

  private void add(String path, Dataset dataset) {
    if (dataset.array() != null) {
      tree.arrays.put(path, dataset.array());
    } else {
      OtherEntry other = dataset.other();
      tree.others.add(new OtherEntry(path, other.type(), other.value()));
    }
  }

  private void group(Step step, ObjectHeader header, List<Attribute> values) {
    String path = step.path();
    NameLists lists = new NameLists(values, heap);
    lists.take(LAYER_NAMES).ifPresent(names -> tree.layerNames.put(path, names));
    lists.take(WEIGHT_NAMES).ifPresent(names -> tree.weightNames.put(path, names));
    show(path, lists.rest());
    List<Link> links = Links.read(metadata, header);
    objects += links.size();
    if (objects > Limits.OBJECTS) {
      throw metadata.malformed(header.address(), "more than " + Limits.OBJECTS + " objects");
    }
    if (step.depth() == Limits.DEPTH && !links.isEmpty()) {
      throw metadata.malformed(
          header.address(), "groups are nested more than " + Limits.DEPTH + " deep");
    }
    for (int i = links.size() - 1; i >= 0; i--) {
      Link link = links.get(i);
      String child = Tree.path(path, link.name());
      metadata.keep(child);
      if (child.getBytes(StandardCharsets.UTF_8).length > Limits.PATH_BYTES) {
        throw metadata.malformed(header.address(), "its path is too long: " + Printable.of(child));
      }
      steps.push(new Step(child, link, step.depth() + 1));
    }
  }

  private void show(String path, List<Attribute> values) {
    for (Attribute value : values) {
      String name = path.isEmpty() ? value.name() : path + "@" + value.name();
      OtherEntry entry = value.entry(name, heap);
      metadata.keep(entry.name());
      metadata.keep(entry.value());
      tree.others.add(entry);
    }
  }
}
