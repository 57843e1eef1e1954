package org.dualoptim.bench.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.dualoptim.core.cli.CommonOptions;
import org.dualoptim.core.cli.ExitCode;
import org.dualoptim.core.run.TrialStore;
import org.dualoptim.eval.report.Cell;
import org.dualoptim.eval.report.Table;
import org.dualoptim.eval.report.Table.Column;
import org.dualoptim.eval.report.Table.Row;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/**
 * {@code dualoptim runs}: what has been computed, what it takes on disk, and how to be rid of it.
 */
@Command(
    name = "runs",
    header = "List, show and remove the results of earlier runs.",
    description = {
      "",
      "Every trial has a folder of its own, named by its id. Without a command the trials are"
          + " listed.",
      "",
    },
    commandListHeading = "%nCommands:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  dualoptim runs",
      "  dualoptim runs --runs /scratch/runs --json",
      "  dualoptim runs show sfron-do-s2-1f00c0ffee",
      "  dualoptim runs remove sfron-do-s2-1f00c0ffee",
    })
public final class RunsCommand implements Callable<Integer> {
  private static final JsonMapper JSON = new JsonMapper();

  private static final String USUAL_FOLDER = "runs";

  /** Else the commands below, which inherit the option, would show it after the shared ones. */
  private static final int FIRST = -2;

  @Option(
      names = "--runs",
      paramLabel = "DIR",
      defaultValue = USUAL_FOLDER,
      scope = ScopeType.INHERIT,
      order = FIRST,
      description = "The folder of all trials.")
  private Path runs;

  @Mixin private CommonOptions common;

  @Spec private CommandSpec command;

  @Override
  public Integer call() throws IOException {
    return list(common);
  }

  @Command(
      name = "list",
      header = "Id, status, metrics, wall time and size of every trial.",
      description = {
        "",
        "A trial is finished, diverged, running (a live process holds it), interrupted (run it with"
            + " --resume to go on), unfinished (it stopped before its first checkpoint) or damaged.",
        "",
      },
      footerHeading = "%nExamples:%n",
      footer = {"  dualoptim runs list", "  dualoptim runs list --runs /scratch/runs"})
  int list(@Mixin CommonOptions options) throws IOException {
    List<RunFolder> all = folders();
    long bytes = all.stream().mapToLong(RunFolder::bytes).sum();
    if (options.json()) {
      ObjectNode node = JSON.createObjectNode();
      node.put("folder", runs.toString()).put("bytes", bytes);
      ArrayNode trials = node.putArray("trials");
      all.forEach(run -> trials.add(run.json()));
      out().println(node.toPrettyString());
    } else {
      if (!all.isEmpty()) {
        out().print(table(all).toTerminal(common.columns().orElse(Table.TERMINAL_WIDTH)));
      }
      String count = all.size() == 1 ? "1 trial" : all.size() + " trials";
      out().println(count + " in " + runs + ", " + Bytes.inWords(bytes));
    }
    out().flush();
    return ExitCode.OK.code();
  }

  private static Table table(List<RunFolder> all) {
    List<Column> columns =
        List.of(
            Column.text("trial"),
            Column.text("status"),
            Column.text("metrics"),
            Column.number("wall", "s"),
            Column.number("size", ""));
    List<Row> rows = new ArrayList<>();
    for (RunFolder run : all) {
      Cell wall =
          run.result().map(r -> Cell.number(r.provenance().wallSeconds(), 1)).orElse(Cell.absent());
      Cell size = Cell.text(Bytes.inWords(run.bytes()));
      rows.add(
          Row.of(
                  Cell.text(run.id()),
                  Cell.text(run.status().inWords()),
                  Cell.text(run.metrics()),
                  wall,
                  size)
              .noted(run.note()));
    }
    return new Table("", columns, rows);
  }

  @Command(
      name = "show",
      header = "Everything that is known about a trial.",
      footerHeading = "%nExamples:%n",
      footer = {
        "  dualoptim runs show sfron-do-s2-1f00c0ffee",
        "  dualoptim runs show sfron-do-s2-1f00c0ffee --json"
      })
  int show(
      @Parameters(paramLabel = "ID", description = "A trial's id, as the list shows it.") String id,
      @Mixin CommonOptions options)
      throws IOException {
    RunFolder run = find(List.of(id)).get(0);
    if (options.json()) {
      out().println(run.json().toPrettyString());
    } else {
      run.describe().forEach(out()::println);
    }
    out().flush();
    return ExitCode.OK.code();
  }

  @Command(
      name = "remove",
      header = "Delete trials with all their files, without asking.",
      description = {
        "",
        "Nothing is deleted if one of the ids does not exist or belongs to a trial that a live"
            + " process is computing.",
        "",
      },
      footerHeading = "%nExamples:%n",
      footer = {"  dualoptim runs remove sfron-do-s2-1f00c0ffee sfron-do-s3-0123456789"})
  int remove(
      @Parameters(arity = "1..*", paramLabel = "ID", description = "Ids, as the list shows them.")
          List<String> ids,
      @Mixin CommonOptions options)
      throws IOException {
    List<RunFolder> chosen = find(ids);
    for (RunFolder run : chosen) {
      if (run.status() == RunFolder.Status.RUNNING) {
        throw new IOException(
            run.id()
                + " is being computed by a live process; stop that first. Nothing was removed");
      }
    }
    TrialStore store = store();
    for (RunFolder run : chosen) {
      store.remove(run.folder());
    }
    long bytes = chosen.stream().mapToLong(RunFolder::bytes).sum();
    if (options.json()) {
      ObjectNode node = JSON.createObjectNode();
      chosen.forEach(run -> node.withArray("removed").add(run.id()));
      out().println(node.put("bytes", bytes).toPrettyString());
    } else {
      chosen.forEach(run -> out().println("removed " + run.id()));
      out().println(Bytes.inWords(bytes) + " freed");
    }
    out().flush();
    return ExitCode.OK.code();
  }

  private List<RunFolder> folders() throws IOException {
    List<RunFolder> all = new ArrayList<>();
    for (Path folder : store().folders()) {
      all.add(RunFolder.read(folder));
    }
    return all;
  }

  /** Ids are looked up among those that exist, so none leads out of the folder. */
  private List<RunFolder> find(List<String> ids) throws IOException {
    List<Path> folders = store().folders();
    List<RunFolder> found = new ArrayList<>();
    for (String id : ids.stream().distinct().toList()) {
      Path folder =
          folders.stream()
              .filter(each -> each.getFileName().toString().equals(id))
              .findFirst()
              .orElseThrow(
                  () ->
                      new IOException(
                          "there is no trial " + id + " in " + runs + "; see dualoptim runs"));
      found.add(RunFolder.read(folder));
    }
    return found;
  }

  /** The usual folder may be absent: it comes with the first run. */
  private TrialStore store() throws IOException {
    if (Files.exists(runs) && !Files.isDirectory(runs)) {
      throw new ParameterException(
          command.commandLine(), "--runs must name a folder, but " + runs + " is a file");
    }
    if (!Files.exists(runs) && !runs.equals(Path.of(USUAL_FOLDER))) {
      throw new IOException("there is no folder " + runs + "; correct --runs");
    }
    return new TrialStore(runs);
  }

  private PrintWriter out() {
    return command.commandLine().getOut();
  }
}
