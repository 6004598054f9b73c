package dev.graft.bench.peers;

import dev.graft.bench.NetSize;
import java.util.Set;

/**
 * What all contests have in common.
 *
 * @param size of the networks
 * @param threads of each contestant
 * @param contestants the names of those that are wanted
 */
record Setting(NetSize size, int threads, Set<String> contestants) {
  boolean wants(String contestant) {
    return contestants.contains(contestant);
  }
}
