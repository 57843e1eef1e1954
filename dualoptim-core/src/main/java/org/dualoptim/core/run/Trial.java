package org.dualoptim.core.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.dualoptim.core.recipe.Recipe;

/**
 * One point of a recipe: what there is to compute, down to the last number. Its id is a hash of the
 * resolved recipe without its {@link #LABELS}, of the data it reads and of its parents' ids. An
 * equal id means the same computation; the version of the code, the device and the number of
 * threads, which may move its last digits, stand in the result's {@link Provenance}.
 *
 * @param recipe where it comes from
 * @param resolved the recipe's keys with this point's values
 * @param seed the trial's seed
 * @param data what identifies the data it reads, beyond the recipe: row counts and a digest
 * @param parents trials whose results it starts from, by role
 */
public record Trial(
    Recipe recipe, ObjectNode resolved, long seed, String data, Map<String, Trial> parents) {

  /** The recipe's keys that say how a row is called and nothing of how it is computed. */
  public static final List<String> LABELS = List.of("title", "paper");

  public Trial {
    parents = Collections.unmodifiableMap(new LinkedHashMap<>(parents));
  }

  /** SHA-256 of the canonical form, in hex. */
  public String hash() {
    ObjectNode computed = resolved.deepCopy();
    computed.remove(LABELS);
    Map<String, String> hashes = new TreeMap<>();
    parents.forEach((role, parent) -> hashes.put(role, parent.hash()));
    return CanonicalJson.of(Map.of("recipe", computed, "data", data, "parents", hashes)).sha256();
  }

  /** The trial's folder name: recipe, seed and the head of the hash. */
  public String id() {
    return recipe.shortName() + "-s" + seed + "-" + hash().substring(0, 10);
  }
}
