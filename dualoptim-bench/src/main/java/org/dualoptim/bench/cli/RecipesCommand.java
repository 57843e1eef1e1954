package org.dualoptim.bench.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.dualoptim.core.cli.CommonOptions;
import org.dualoptim.core.cli.ExitCode;
import org.dualoptim.core.io.AtomicFiles;
import org.dualoptim.core.recipe.Recipe;
import org.dualoptim.core.recipe.Recipes;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code dualoptim recipes}: lists the built-in recipes, prints one, or copies one to change. */
@Command(
    name = "recipes",
    header = "List, show and copy the built-in recipes.",
    description = {
      "",
      "A recipe is a TOML file that says everything about a run: data, model, method, optimizers,"
          + " schedule, seeds. Without a command the recipes are listed.",
      "",
    },
    commandListHeading = "%nCommands:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  dualoptim recipes",
      "  dualoptim recipes list vision/shapes",
      "  dualoptim recipes show vision/shapes/sfron-do",
      "  dualoptim recipes copy vision/shapes/sfron-do mine.toml",
    })
public final class RecipesCommand implements Callable<Integer> {
  private static final JsonMapper JSON = new JsonMapper();

  /** Within a folder, first what the others start from. */
  private static final Comparator<Recipe> BY_FOLDER =
      Comparator.comparing(RecipesCommand::folder)
          .thenComparing(recipe -> !recipe.needs().isEmpty())
          .thenComparing(Recipe::name);

  @Mixin private CommonOptions common;

  @Spec private CommandSpec command;

  @Override
  public Integer call() {
    return list(null, common);
  }

  @Command(
      name = "list",
      header = "Name and purpose of every recipe, by folder.",
      footerHeading = "%nExamples:%n",
      footer = {
        "  dualoptim recipes list",
        "  dualoptim recipes list vision/shapes",
        "  dualoptim recipes list --json"
      })
  int list(
      @Parameters(
              paramLabel = "FOLDER",
              arity = "0..1",
              description = "Only the recipes of this folder and of folders in it.")
          String folder,
      @Mixin CommonOptions options) {
    List<Recipe> built =
        Recipes.list().stream().map(new Recipes(Map.of())::read).sorted(BY_FOLDER).toList();
    String within = folder == null ? "" : folder.replaceFirst("/*$", "/");
    List<Recipe> recipes =
        built.stream().filter(recipe -> recipe.name().startsWith(within)).toList();
    if (recipes.isEmpty()) {
      throw new ParameterException(
          command.commandLine(),
          "no recipes in "
              + folder
              + "; the folders are "
              + built.stream()
                  .map(RecipesCommand::folder)
                  .distinct()
                  .collect(Collectors.joining(", ")));
    }
    if (options.json()) {
      ArrayNode all = JSON.createArrayNode();
      for (Recipe recipe : recipes) {
        all.addObject()
            .put("name", recipe.name())
            .put("title", recipe.title())
            .put("purpose", firstSentence(Recipes.text(recipe.name())));
      }
      out().println(all.toPrettyString());
    } else {
      print(recipes);
    }
    out().flush();
    return ExitCode.OK.code();
  }

  /** A recipe's folder without its last slash, which would sort a-b before a. */
  private static String folder(Recipe recipe) {
    return recipe.folder().replaceFirst("/$", "");
  }

  /** A heading for each folder, a line for each of its recipes. */
  private void print(List<Recipe> recipes) {
    int width = recipes.stream().mapToInt(recipe -> recipe.shortName().length()).max().orElse(0);
    String folder = null;
    for (Recipe recipe : recipes) {
      if (!folder(recipe).equals(folder)) {
        out().print(folder == null ? "" : System.lineSeparator());
        folder = folder(recipe);
        out().println(folder);
      }
      String name = recipe.shortName();
      String purpose = firstSentence(Recipes.text(recipe.name()));
      out()
          .println(
              "  "
                  + name
                  + " ".repeat(width - name.length() + 2)
                  + (purpose.isEmpty() ? recipe.title() : purpose));
    }
    out().println();
    out().println(recipes.size() == 1 ? "1 recipe" : recipes.size() + " recipes");
  }

  @Command(
      name = "show",
      header = "Print a recipe as it stands in its file.",
      footerHeading = "%nExamples:%n",
      footer = {
        "  dualoptim recipes show vision/shapes/sfron-do",
        "  dualoptim recipes show mine.toml --json"
      })
  int show(
      @Parameters(paramLabel = "NAME", description = "A recipe's name, or a TOML file.")
          String name,
      @Mixin CommonOptions options) {
    String text = Recipes.text(name);
    if (options.json()) {
      Recipe recipe = new Recipes(Map.of()).read(name);
      ObjectNode node = JSON.createObjectNode();
      node.put("name", recipe.name()).put("title", recipe.title()).put("domain", recipe.domain());
      node.set("needs", JSON.valueToTree(recipe.needs()));
      node.set("axes", JSON.valueToTree(recipe.axes()));
      node.set("recipe", recipe.tree());
      node.put("text", text);
      out().println(node.toPrettyString());
    } else {
      out().print(text.endsWith("\n") ? text : text + "\n");
    }
    out().flush();
    return ExitCode.OK.code();
  }

  @Command(
      name = "copy",
      header = "Copy a recipe to a file of your own, to change it.",
      description = {
        "",
        "Recipes that it needs are named in full in the copy, so it runs from anywhere. A file"
            + " that exists is never overwritten.",
        "",
      },
      footerHeading = "%nExamples:%n",
      footer = {
        "  dualoptim recipes copy vision/shapes/sfron-do mine.toml",
        "  dualoptim recipes copy vision/shapes/sfron-do experiments/"
      })
  int copy(
      @Parameters(index = "0", paramLabel = "NAME", description = "A recipe's name.") String name,
      @Parameters(
              index = "1",
              paramLabel = "FILE",
              description = "A new file, or a folder; one that ends in a slash is made if need be.")
          String target,
      @Mixin CommonOptions options)
      throws IOException {
    Recipe recipe = new Recipes(Map.of()).read(name);
    Path file = file(target, recipe);
    try {
      AtomicFiles.writeNewString(file, withFullNames(Recipes.text(name), recipe.needs()));
    } catch (FileAlreadyExistsException e) {
      throw new IOException(file + " already exists; choose another name, or remove it first", e);
    }
    if (options.json()) {
      out().println(JSON.createObjectNode().put("file", file.toString()).toPrettyString());
    } else {
      out().println("wrote " + file);
    }
    out().flush();
    return ExitCode.OK.code();
  }

  /** Where a copy goes; a text, because a path would lose the slash at its end. */
  private Path file(String target, Recipe recipe) {
    if (target.isBlank()) {
      throw new ParameterException(
          command.commandLine(), "FILE must not be empty; name a new file, or a folder");
    }
    Path place = Path.of(target);
    boolean folder =
        target.endsWith("/") || target.endsWith(File.separator) || Files.isDirectory(place);
    return folder ? place.resolve(recipe.shortName() + ".toml") : place;
  }

  /**
   * In the text of a recipe, {@code start = "pretrain"} becomes {@code start = "folder/pretrain"},
   * or the whole path of a file.
   */
  static String withFullNames(String text, Map<String, String> needs) {
    String copy = text;
    for (Map.Entry<String, String> need : needs.entrySet()) {
      String name = need.getValue();
      String shortName = name.substring(name.lastIndexOf('/') + 1);
      Pattern assignment =
          Pattern.compile(
              "(?m)^([^#\\n]*\\b"
                  + Pattern.quote(need.getKey())
                  + "[\"']?\\s*=\\s*)([\"'])(?:"
                  + Pattern.quote(shortName)
                  + "|"
                  + Pattern.quote(name)
                  + ")\\2");
      copy =
          assignment
              .matcher(copy)
              .replaceFirst("$1$2" + Matcher.quoteReplacement(fromAnywhere(name)) + "$2");
    }
    return copy;
  }

  private static String fromAnywhere(String need) {
    Path file = Path.of(need.endsWith(".toml") ? need : need + ".toml");
    return Files.isRegularFile(file)
        ? file.toAbsolutePath().normalize().toString().replace('\\', '/')
        : need;
  }

  /** The first sentence of the comment at the top of a recipe; empty if there is none. */
  static String firstSentence(String recipe) {
    List<String> lines =
        recipe
            .lines()
            .dropWhile(String::isBlank)
            .takeWhile(line -> line.startsWith("#"))
            .map(line -> line.replaceFirst("^#+", "").strip())
            .dropWhile(String::isEmpty)
            .takeWhile(line -> !line.isEmpty())
            .toList();
    String paragraph = lines.stream().collect(Collectors.joining(" "));
    Matcher end = Pattern.compile("[.!?](?=\\s+\\p{Lu}|$)").matcher(paragraph);
    return end.find() ? paragraph.substring(0, end.end()) : paragraph;
  }

  private PrintWriter out() {
    return command.commandLine().getOut();
  }
}
