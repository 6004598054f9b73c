package dev.graft.mapping;

/**
 * A bundled table that may be the one for a store.
 *
 * @param table its name
 * @param matched how many of the table's variables the store has
 * @param rows how many variables the table has
 * @param unexpected how many of the store's arrays the table neither has nor ignores
 * @param fits whether the store is complete, every shape fits and nothing is unexpected; what is
 *     left to be checked are dtypes and values
 * @param words the same for people, on one line: which naming, what is missing, what does not fit
 */
public record Suggestion(
    String table, int matched, int rows, int unexpected, boolean fits, String words) {}
