package org.dualoptim.core.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.dualoptim.core.recipe.Recipe;

/**
 * One point of a recipe: what there is to compute, down to the last number. Its id is a hash of the
 * resolved recipe without its title, of the data it reads and of its parents' ids, so an equal id
 * means an equal result.
 *
 * @param recipe where it comes from
 * @param resolved the recipe's keys with this point's values
 * @param seed the trial's seed
 * @param data what identifies the data it reads, beyond the recipe: row counts and a digest
 * @param parents trials whose results it starts from, by role
 */
public record Trial(
    Recipe recipe, ObjectNode resolved, long seed, String data, Map<String, Trial> parents) {
  public Trial {
    parents = Collections.unmodifiableMap(new LinkedHashMap<>(parents));
  }

  /** SHA-256 of the canonical form, in hex. */
  public String hash() {
    ObjectNode computed = resolved.deepCopy();
    computed.remove("title");
    Map<String, String> hashes = new TreeMap<>();
    parents.forEach((role, parent) -> hashes.put(role, parent.hash()));
    return CanonicalJson.of(Map.of("recipe", computed, "data", data, "parents", hashes)).sha256();
  }

  /** The trial's folder name: recipe, seed and the head of the hash. */
  public String id() {
    return recipe.shortName() + "-s" + seed + "-" + hash().substring(0, 10);
  }
}
