package dev.graft.bench.peers;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/** Outcomes for programs: JSON with the time of each contestant in each round, in ms. */
final class RawResults {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private RawResults() {}

  /**
   * The whole text.
   *
   * @param facts date, command line and machine
   */
  static String of(Map<String, String> facts, List<Outcome> outcomes) {
    ObjectNode root = JSON.createObjectNode();
    root.set("facts", JSON.valueToTree(facts));
    for (Outcome outcome : outcomes) {
      ObjectNode contest = root.withArray("contests").addObject();
      contest.put("name", outcome.contest().name());
      outcome
          .contest()
          .layer()
          .ifPresent(layer -> contest.put("flop", layer.flop()).put("bytes", layer.bytes()));
      contest.set("milliseconds", JSON.valueToTree(outcome.millis()));
      contest.set("errors", JSON.valueToTree(outcome.errors()));
    }
    try {
      return JSON.writeValueAsString(root) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot write JSON", e);
    }
  }
}
