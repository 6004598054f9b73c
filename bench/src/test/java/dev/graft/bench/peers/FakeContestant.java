package dev.graft.bench.peers;

import java.util.ArrayList;
import java.util.List;

/** Answers what it is told and notes its turns. */
final class FakeContestant implements Contestant {
  private final String name;
  private final List<String> turns;
  private final float[] result;

  FakeContestant(String name, List<String> turns, float... result) {
    this.name = name;
    this.turns = turns;
    this.result = result;
  }

  FakeContestant(String name, float... result) {
    this(name, new ArrayList<>(), result);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void run() {
    turns.add(name);
  }

  @Override
  public float[] result() {
    return result.clone();
  }

  @Override
  public void close() {
    turns.add("close " + name);
  }
}
