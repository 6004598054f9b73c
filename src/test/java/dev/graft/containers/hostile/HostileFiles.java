package dev.graft.containers.hostile;

import java.io.IOException;

/** Makes hostile files of one kind. A new kind is a class of this and a line in the corpus. */
interface HostileFiles {
  /** Adds them to the corpus. */
  void addTo(HostileCorpus corpus) throws IOException;
}
