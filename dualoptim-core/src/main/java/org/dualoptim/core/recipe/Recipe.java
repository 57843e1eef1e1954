package org.dualoptim.core.recipe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A recipe as a person wrote it: one row of a table, its columns the axes. Apart from the keys
 * named here, its tables belong to its domain.
 *
 * @param name where it was found, without {@code .toml}: {@code vision/shapes/sfron-do}, or the
 *     path of a file, its parts separated by slashes on every system
 * @param given what the user or the recipe that needs it wrote, which messages repeat
 * @param domain who runs it, e.g. {@code vision}
 * @param title how tables call the row
 * @param needs the recipes whose results it starts from, by role ({@code start}, {@code
 *     reference}), as full names
 * @param axes values by dotted path; every combination is one trial
 * @param tree all keys but {@code needs} and {@code axes}, overrides applied
 */
public record Recipe(
    String name,
    String given,
    String domain,
    String title,
    Map<String, String> needs,
    Map<String, List<JsonNode>> axes,
    ObjectNode tree) {

  public Recipe {
    needs = Collections.unmodifiableMap(new LinkedHashMap<>(needs));
    axes = Collections.unmodifiableMap(new LinkedHashMap<>(axes));
  }

  /** The last part of the name. */
  public String shortName() {
    return name.substring(name.lastIndexOf('/') + 1);
  }

  /** The folder part of the name, with its slash, or nothing. */
  public String folder() {
    return name.substring(0, name.lastIndexOf('/') + 1);
  }
}
