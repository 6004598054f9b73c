package dev.graft.bench.peers;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A piece of work for several contestants.
 *
 * @param name of the work
 * @param untimed runs of a contestant before the timed one of each turn: 0 for work that is long, 1
 *     for work so short that its threads' sleep and the others' data in the caches would show
 * @param layer the arithmetic of the work, where it is one layer
 * @param open loads the contestants that are wanted, by name
 */
record Contest(
    String name,
    int untimed,
    Optional<LayerWork> layer,
    Function<Setting, List<Contestant>> open) {}
