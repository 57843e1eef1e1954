package org.dualoptim.core.recipe;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.toml.TomlMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Finds and reads recipes: TOML files below {@code recipes/} on the class path, named by their path
 * there without {@code .toml}, and files anywhere, named by their path. A folder stands for all
 * recipes in it. The parts of a name are separated by slashes; backslashes are taken for slashes.
 *
 * <p>A recipe's {@code needs} are names, or names of files beside it; with a slash they are taken
 * as they stand.
 *
 * <p>{@code --set a.b=value} replaces a value that a recipe already has, in every recipe read by
 * this object that has the key.
 */
public final class Recipes {
  private static final String ROOT = "recipes/";
  private static final String SUFFIX = ".toml";
  private static final int MOST_QUOTED = 200;
  private static final List<String> OWN_KEYS = List.of("domain", "title", "axes");

  private final TomlMapper toml = new TomlMapper();
  private final Map<String, JsonNode> overrides;
  private final Map<String, Boolean> used = new TreeMap<>();
  private final Map<String, String> neededBy = new TreeMap<>();
  private final TreeSet<String> keys = new TreeSet<>();

  /**
   * @param overrides values by dotted path, as {@code --set} gives them
   */
  public Recipes(Map<String, JsonNode> overrides) {
    this.overrides = new LinkedHashMap<>(overrides);
    overrides.keySet().forEach(key -> used.put(key, false));
  }

  /**
   * Parses {@code key=value} as TOML would: numbers, booleans, strings (quotes may be left out),
   * arrays and inline tables.
   */
  public static Map<String, JsonNode> overrides(List<String> assignments) {
    Map<String, JsonNode> values = new LinkedHashMap<>();
    for (String assignment : assignments) {
      int equals = assignment.indexOf('=');
      if (equals < 1) {
        throw new RecipeException(
            "--set " + assignment + ": must be key=value, for example --set method.alpha=0.2");
      }
      String key = assignment.substring(0, equals).strip();
      String text = assignment.substring(equals + 1).strip();
      values.put(key, value(text));
    }
    return values;
  }

  private static JsonNode value(String text) {
    TomlMapper mapper = new TomlMapper();
    try {
      return mapper.readTree("value = " + text).get("value");
    } catch (IOException e) {
      return mapper.getNodeFactory().textNode(text);
    }
  }

  /** The names of all recipes on the class path, sorted. */
  public static List<String> list() {
    TreeSet<String> names = new TreeSet<>();
    try {
      Enumeration<URL> roots = Recipes.class.getClassLoader().getResources(ROOT);
      for (URL url : Collections.list(roots)) {
        collect(url.toURI(), names);
      }
    } catch (IOException | URISyntaxException e) {
      throw new IllegalStateException(
          "the recipes on the class path cannot be listed: " + e.getMessage(), e);
    }
    return List.copyOf(names);
  }

  private static void collect(URI uri, TreeSet<String> names) throws IOException {
    if (!"jar".equals(uri.getScheme())) {
      walk(Path.of(uri), names);
      return;
    }
    try (FileSystem jar = FileSystems.newFileSystem(uri, Map.of())) {
      walk(jar.getPath(ROOT), names);
    } catch (FileSystemAlreadyExistsException e) {
      walk(FileSystems.getFileSystem(uri).getPath(ROOT), names);
    }
  }

  private static void walk(Path root, TreeSet<String> names) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      files
          .filter(file -> file.toString().endsWith(SUFFIX))
          .forEach(file -> names.add(stripped(slashed(root.relativize(file).toString()))));
    }
  }

  /** The text of a recipe, by name or file. */
  public static String text(String asGiven) {
    String nameOrFile = slashed(asGiven);
    try {
      for (Path file : List.of(Path.of(nameOrFile), Path.of(stripped(nameOrFile) + SUFFIX))) {
        if (Files.isRegularFile(file)) {
          return withoutMark(Files.readString(file));
        }
      }
      try (InputStream in =
          Recipes.class
              .getClassLoader()
              .getResourceAsStream(ROOT + stripped(nameOrFile) + SUFFIX)) {
        if (in != null) {
          return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
      }
    } catch (CharacterCodingException e) {
      throw new RecipeException(nameOrFile + ": is not TOML: it is not UTF-8 text", e);
    } catch (AccessDeniedException e) {
      throw new RecipeException(nameOrFile + ": permission denied", e);
    } catch (IOException | InvalidPathException e) {
      throw new RecipeException(nameOrFile + ": cannot be read: " + e.getMessage(), e);
    }
    List<String> inside = expand(nameOrFile);
    if (!inside.equals(List.of(nameOrFile))) {
      throw new RecipeException(
          nameOrFile + " is a folder; name one of its recipes: " + String.join(", ", inside));
    }
    throw missing(nameOrFile);
  }

  private static RecipeException missing(String nameOrFile) {
    boolean file = nameOrFile.endsWith(SUFFIX);
    if (Files.isDirectory(Path.of(nameOrFile))) {
      return new RecipeException(
          nameOrFile + (file ? " is a folder, not a TOML file" : " holds no recipes"));
    }
    String near =
        Nearest.name(stripped(nameOrFile), namesAndFolders())
            .map(name -> "; did you mean " + name + "?")
            .orElse(file ? "" : "; `dualoptim recipes` lists those that exist");
    return new RecipeException(
        (file ? nameOrFile + ": no such file" : "no recipe named " + nameOrFile) + near);
  }

  /** Some editors of Windows begin a file with a byte order mark, which TOML does not know. */
  private static String withoutMark(String text) {
    return text.startsWith("\uFEFF") ? text.substring(1) : text;
  }

  private static TreeSet<String> namesAndFolders() {
    TreeSet<String> all = new TreeSet<>(list());
    list().stream()
        .filter(name -> name.contains("/"))
        .forEach(name -> all.add(name.substring(0, name.lastIndexOf('/'))));
    return all;
  }

  /** The names behind an argument: one recipe, or all recipes of a folder. */
  public static List<String> expand(String asGiven) {
    String argument = slashed(asGiven);
    if (argument.isBlank()) {
      throw new RecipeException("a recipe's name must not be empty");
    }
    Path path = Path.of(argument);
    if (Files.isDirectory(path)) {
      try (Stream<Path> files = Files.list(path)) {
        List<String> found =
            files
                .map(file -> slashed(file.toString()))
                .filter(file -> file.endsWith(SUFFIX))
                .sorted()
                .toList();
        if (!found.isEmpty()) {
          return found;
        }
      } catch (IOException e) {
        throw new RecipeException(argument + ": cannot be listed: " + e.getMessage());
      }
    }
    String prefix = argument.endsWith("/") ? argument : argument + "/";
    List<String> inside = list().stream().filter(name -> name.startsWith(prefix)).toList();
    return inside.isEmpty() ? List.of(argument) : inside;
  }

  /** The parser's complaint, which may quote a whole line. */
  private static String shortened(String complaint) {
    return complaint.length() <= MOST_QUOTED
        ? complaint
        : complaint.substring(0, MOST_QUOTED) + "...";
  }

  /** Reads one recipe and applies the overrides it has keys for. */
  public Recipe read(String asGiven) {
    String nameOrFile = slashed(asGiven);
    String text = textOfNeeded(nameOrFile);
    ObjectNode tree;
    try {
      tree = (ObjectNode) toml.readTree(text);
    } catch (JsonProcessingException e) {
      String place = e.getLocation() == null ? "" : " line " + e.getLocation().getLineNr();
      throw new RecipeException(
          nameOrFile
              + ":"
              + place
              + " is not TOML: "
              + shortened(e.getOriginalMessage().lines().findFirst().orElse("")),
          e);
    }
    Map<String, List<JsonNode>> axes = axes(nameOrFile, tree.remove("axes"));
    for (Map.Entry<String, JsonNode> override : overrides.entrySet()) {
      if (replace(tree, override.getKey(), override.getValue())) {
        used.put(override.getKey(), true);
        axes.remove(override.getKey());
      }
    }
    collectKeys("", tree);
    JsonNode parents = tree.remove("needs");
    String name = stripped(nameOrFile);
    String folder = name.substring(0, name.lastIndexOf('/') + 1);
    Map<String, String> needs = needs(nameOrFile, folder, parents);
    needs.forEach((role, need) -> neededBy.putIfAbsent(need, nameOrFile + ": needs." + role));
    for (String key : axes.keySet()) {
      if (at(tree, key) == null) {
        throw new RecipeException(nameOrFile + ": axes." + key + ": the recipe has no such key");
      }
    }
    return new Recipe(
        name,
        asGiven,
        required(tree, "domain", nameOrFile),
        required(tree, "title", nameOrFile),
        needs,
        axes,
        tree);
  }

  /** As {@link #text}; a failure begins with the recipe that needs this one, if one does. */
  private String textOfNeeded(String nameOrFile) {
    try {
      return text(nameOrFile);
    } catch (RecipeException e) {
      String by = neededBy.get(nameOrFile);
      throw by == null ? e : new RecipeException(by + ": " + e.getMessage(), e);
    }
  }

  /** Fails if an override matched no recipe that was read. */
  public void requireAllUsed() {
    used.forEach(
        (key, wasUsed) -> {
          if (!wasUsed) {
            throw new RecipeException(
                "--set "
                    + key
                    + (OWN_KEYS.contains(key)
                        ? ": this key cannot be replaced"
                        : ": none of the recipes has this key, and one that is absent must be"
                            + " written into the recipe's file first"
                            + Nearest.key(key, keys)
                                .map(known -> "; did you mean " + known + "?")
                                .orElse("")));
          }
        });
  }

  private void collectKeys(String prefix, JsonNode table) {
    table
        .properties()
        .forEach(
            entry -> {
              keys.add(prefix + entry.getKey());
              collectKeys(prefix + entry.getKey() + ".", entry.getValue());
            });
  }

  private static Map<String, String> needs(String where, String folder, JsonNode table) {
    Map<String, String> needs = new LinkedHashMap<>();
    if (table == null) {
      return needs;
    }
    if (!table.isObject()) {
      throw new RecipeException(where + ": needs must be a table of recipes by role, got " + table);
    }
    table
        .properties()
        .forEach(
            entry -> {
              if (!entry.getValue().isTextual()) {
                throw new RecipeException(
                    where
                        + ": needs."
                        + entry.getKey()
                        + " must be the name of a recipe, got "
                        + entry.getValue());
              }
              String name = slashed(entry.getValue().asText());
              needs.put(entry.getKey(), name.contains("/") ? name : folder + name);
            });
    return needs;
  }

  private static Map<String, List<JsonNode>> axes(String where, JsonNode table) {
    Map<String, List<JsonNode>> axes = new LinkedHashMap<>();
    if (table != null && !table.isObject()) {
      throw new RecipeException(where + ": axes must be a table of lists, got " + table);
    }
    if (table != null) {
      flatten("", table, axes, where);
    }
    return axes;
  }

  private static void flatten(
      String prefix, JsonNode table, Map<String, List<JsonNode>> axes, String where) {
    table
        .properties()
        .forEach(
            entry -> {
              String key = prefix + entry.getKey();
              if (entry.getValue().isObject()) {
                flatten(key + ".", entry.getValue(), axes, where);
              } else if (entry.getValue().isArray() && !entry.getValue().isEmpty()) {
                List<JsonNode> values = new ArrayList<>();
                entry.getValue().forEach(values::add);
                axes.put(key, values);
              } else {
                throw new RecipeException(
                    where + ": axes." + key + " must be a list of at least one value");
              }
            });
  }

  private static String required(ObjectNode tree, String key, String where) {
    JsonNode value = tree.get(key);
    if (value == null || !value.isTextual()) {
      throw new RecipeException(
          where + ": " + key + (value == null ? " is missing" : " must be a text, got " + value));
    }
    return value.asText();
  }

  /** The value at a dotted path, or null. */
  public static JsonNode at(JsonNode tree, String path) {
    JsonNode node = tree;
    for (String key : path.split("\\.")) {
      node = node == null ? null : node.get(key);
    }
    return node;
  }

  /** Sets an existing value at a dotted path; false if there is none. */
  public static boolean replace(ObjectNode tree, String path, JsonNode value) {
    int dot = path.lastIndexOf('.');
    JsonNode parent = dot < 0 ? tree : at(tree, path.substring(0, dot));
    String key = path.substring(dot + 1);
    if (!(parent instanceof ObjectNode table) || !table.has(key) || OWN_KEYS.contains(path)) {
      return false;
    }
    table.set(key, value);
    return true;
  }

  private static String slashed(String name) {
    return name.replace('\\', '/');
  }

  private static String stripped(String name) {
    return name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : name;
  }
}
