package dev.graft.graph;

import dev.graft.capi.Tensor;
import dev.graft.mapping.MappedArray;
import dev.graft.mapping.MappingReport;
import dev.graft.mapping.MergedWeights;
import dev.graft.mapping.NameMapping;
import dev.graft.mapping.Needs;
import dev.graft.mapping.ParameterSpec;
import dev.graft.mapping.ValueCheck;
import dev.graft.weights.Shape;
import dev.graft.weights.WeightArray;
import dev.graft.weights.WeightStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;

/**
 * All parameters of a model: from weight files through their name tables, checked as a whole, the
 * rest initialised where the caller has said so. Nothing is read before everything is valid.
 */
public final class ModelWeights implements AutoCloseable {
  /** A weight file or run folder, and the table to read it through. */
  public record Source(Path path, NameMapping mapping) {}

  /**
   * What to load.
   *
   * @param model the network
   * @param sources in any order; a name that two of them give is an error
   * @param exclude scopes that are there and not wanted
   * @param initialise scopes that get new values where no source gives them
   * @param classes the number of classes, 0 to read it from the weights
   * @param seed of the new values
   */
  public record Request(
      Model model,
      List<Source> sources,
      Set<String> exclude,
      Collection<String> initialise,
      int classes,
      long seed) {
    /** Everything from one file, nothing initialised. */
    public static Request of(Model model, Path file, NameMapping mapping) {
      return new Request(model, List.of(new Source(file, mapping)), Set.of(), List.of(), 0, 0);
    }
  }

  private final Request request;
  private final ConstantsCache cache;
  private final MergedWeights merged;
  private final WeightStore store;
  private final Map<String, Shape> shapes;
  private final Map<String, MappedArray> origins = new LinkedHashMap<>();
  private final Map<String, ConstantsIndex> indexes;
  private final List<String> initialised;
  private Map<String, Tensor> initialValues = Map.of();

  private ModelWeights(
      Request request,
      ConstantsCache cache,
      MergedWeights merged,
      Map<String, ConstantsIndex> indexes) {
    this.request = request;
    this.cache = cache;
    this.merged = merged;
    this.indexes = indexes;
    this.store = merged.store();
    Map<String, Shape> given = new LinkedHashMap<>();
    for (MappedArray array : merged.report().mapped()) {
      given.put(array.name(), array.shape());
      origins.put(array.name(), array);
    }
    this.shapes = ParameterShapes.resolve(request.model(), given, request.classes());
    this.initialised = shapes.keySet().stream().filter(name -> !given.containsKey(name)).toList();
  }

  /**
   * Opens, checks and maps; reads values only to find NaN and infinity in files that the cache does
   * not know.
   *
   * @throws dev.graft.mapping.MappingException with everything that is wrong with the names, shapes
   *     and values
   * @throws GraphException where the shapes do not make up the model
   */
  public static ModelWeights load(Request request, ConstantsCache cache) {
    List<MergedWeights.Source> opened = new ArrayList<>();
    Map<String, ConstantsIndex> indexes = new LinkedHashMap<>();
    try {
      for (Source source : request.sources()) {
        WeightStore store = WeightStore.open(source.path());
        opened.add(new MergedWeights.Source(store, source.mapping()));
        ConstantsIndex.open(cache, source.path())
            .ifPresent(index -> indexes.put(store.source(), index));
      }
      ValueCheck values =
          (store, key) ->
              !indexes.containsKey(store.source()) || !indexes.get(store.source()).knows(key);
      List<ParameterSpec> specs =
          ParameterShapes.names(request.model()).stream()
              .map(name -> new ParameterSpec(name, Optional.empty()))
              .toList();
      Needs needs = Needs.of(specs).initialising(request.initialise());
      MergedWeights merged = MergedWeights.of(opened, needs, request.exclude(), values);
      return new ModelWeights(request, cache, merged, indexes);
    } catch (RuntimeException | Error e) {
      opened.forEach(source -> source.store().close());
      throw e;
    }
  }

  /** The network. */
  public Model model() {
    return request.model();
  }

  /** The shape of every parameter, in the order of the network. */
  public Map<String, Shape> shapes() {
    return shapes;
  }

  /** The names of the parameters that no source gives. */
  public List<String> initialised() {
    return initialised;
  }

  /** How the names were mapped. */
  public MappingReport report() {
    return merged.report();
  }

  /** The values of a parameter. */
  public synchronized WeightArray array(String name) {
    if (origins.containsKey(name)) {
      return store.get(name);
    }
    if (initialValues.isEmpty()) {
      initialValues =
          Initializers.create(Initializers.shapesOf(initialised, shapes), request.seed());
    }
    return new TensorArray(initialValues.get(name));
  }

  /** {@link #missingBytes(Collection, Kernels)} with {@link Kernels#AUTO}. */
  public long missingBytes(Collection<String> names) {
    return missingBytes(names, Kernels.AUTO);
  }

  /**
   * Bytes that {@link #constants} would have to read and write: 0 where the cache has them all. A
   * kernel that has to be packed or rounded counts with the bytes that it has before.
   */
  public long missingBytes(Collection<String> names, Kernels kernels) {
    PackedKernels packed = new PackedKernels(cache, kernels);
    Bfloat16Kernels rounded = new Bfloat16Kernels(cache, kernels);
    long bytes = 0;
    for (String name : names) {
      Optional<Constant> constant = known(name);
      long size = shapes.get(name).elementCount() * Float.BYTES;
      bytes += constant.isEmpty() ? size : 0;
      if (packed.wants(shapes.get(name)) && constant.flatMap(packed::find).isEmpty()) {
        bytes += size;
      }
      if (rounded.wants(name, shapes.get(name)) && constant.flatMap(rounded::find).isEmpty()) {
        bytes += size;
      }
    }
    return bytes;
  }

  /** {@link #constants(Collection, Kernels, LongConsumer)} with {@link Kernels#AUTO}. */
  public Map<String, Constant> constants(Collection<String> names, LongConsumer progress) {
    return constants(names, Kernels.AUTO, progress);
  }

  /**
   * Files to map the given parameters from: the cache's, made if they are not there yet.
   *
   * @param kernels what the network is going to be built with: own operations take packed kernels,
   *     and bfloat16 ones where that is chosen, which are made as well
   * @param progress is told the bytes of every file that had to be made, as {@link #missingBytes}
   *     counts them
   * @throws GraphException where bfloat16 is chosen and own operations cannot be used
   */
  public Map<String, Constant> constants(
      Collection<String> names, Kernels kernels, LongConsumer progress) {
    List<Constant> constants =
        names.parallelStream()
            .map(name -> known(name).orElseGet(() -> make(name, progress)))
            .toList();
    Map<String, Constant> result = new LinkedHashMap<>();
    constants.forEach(constant -> result.put(constant.name(), constant));
    indexes.values().forEach(ConstantsIndex::save);
    cache.pack(result, kernels, progress);
    cache.trim();
    return result;
  }

  private Constant make(String name, LongConsumer progress) {
    Constant constant = cache.put(name, array(name));
    progress.accept(constant.byteSize());
    MappedArray origin = origins.get(name);
    if (origin != null && indexes.containsKey(origin.source())) {
      indexes.get(origin.source()).put(origin, constant.sha256());
    }
    return constant;
  }

  private Optional<Constant> known(String name) {
    MappedArray origin = origins.get(name);
    if (origin == null) {
      return Optional.empty();
    }
    Optional<Constant> inPlace = inPlace(name);
    if (inPlace.isPresent()) {
      return inPlace;
    }
    return Optional.ofNullable(indexes.get(origin.source()))
        .flatMap(index -> index.sha256(origin))
        .flatMap(sha256 -> cache.find(name, shapes.get(name), sha256));
  }

  /** A run folder's constants already are raw files that carry their hash in their name. */
  private Optional<Constant> inPlace(String name) {
    return store
        .get(name)
        .region()
        .filter(region -> region.offset() == 0)
        .filter(region -> region.file().getFileName().toString().matches("[0-9a-f]{64}\\.bin"))
        .filter(region -> region.file().toFile().length() == region.length())
        .filter(region -> Files.isReadable(region.file()))
        .map(
            region -> {
              String file = region.file().getFileName().toString();
              String sha256 = file.substring(0, file.indexOf('.'));
              return new Constant(name, shapes.get(name), region.file(), sha256);
            });
  }

  @Override
  public synchronized void close() {
    initialValues.values().forEach(Tensor::close);
    initialValues = Map.of();
    store.close();
  }
}
