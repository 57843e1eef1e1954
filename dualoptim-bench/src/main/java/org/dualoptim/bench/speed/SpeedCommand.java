package org.dualoptim.bench.speed;

import ai.djl.engine.Engine;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.inject.Inject;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.commons.math3.stat.StatUtils;
import org.dualoptim.bench.speed.Rounds.Round;
import org.dualoptim.core.cli.CommonOptions;
import org.dualoptim.core.cli.ExitCode;
import org.dualoptim.core.cli.NativeMemory;
import org.dualoptim.core.recipe.Tables;
import org.dualoptim.core.run.Progress;
import org.dualoptim.core.tensor.TorchOps;
import org.dualoptim.eval.report.Cell;
import org.dualoptim.eval.report.Table;
import org.dualoptim.eval.report.Table.Column;
import org.dualoptim.eval.report.Table.Row;
import org.dualoptim.vision.VisionDomain;
import org.dualoptim.vision.model.Architecture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code dualoptim speed}: how long an unlearning step takes here, and how much of that is Java.
 */
@Command(
    name = "speed",
    header = "Measure how long an unlearning step takes.",
    description = {
      "",
      "Times cycles of SFRon+DO (1 forget step with mask and AdamW, 5 retain steps with SGD) on a ResNet-18 and images of noise, through the"
          + " same loop as a trial. The last row is the same plan on next to no numbers: what Java and the calls into the engine cost at"
          + " most. Rounds of all rows take turns, so that a machine that changes its pace changes it for all.",
      "",
      "Threads are those of OMP_NUM_THREADS, otherwise all cores.",
      "",
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  dualoptim speed                            about a minute on two cores",
      "  dualoptim speed --width 64 --rounds 3      the paper's width, five minutes",
      "  DUALOPTIM_KEEP_MEMORY=0 dualoptim speed    freed memory is given back",
    })
public final class SpeedCommand implements Callable<Integer> {
  private static final JsonMapper JSON = new JsonMapper();

  /** Beyond what anyone waits for, and before anything overflows. */
  private static final int MOST = 1_000_000;

  private static final String FIXED_COST_NOTE =
      "the fixed cost: the same arrays and calls on next to no numbers (2 images of 8x8) on one thread, and its share of a step. It holds Java, the calls"
          + " into the engine and the engine's own dispatch: %.1f ms for the passes and the update of a retain step in two calls, without Java between operators";

  @Parameters(
      paramLabel = "DOMAIN",
      arity = "0..1",
      defaultValue = VisionDomain.ID,
      description = "Whose step to time: vision.")
  private String domain;

  @Option(
      names = "--width",
      paramLabel = "N",
      split = ",",
      defaultValue = "16",
      description =
          "Channels of the network's first stage, 64 in the paper; several are separated by commas.")
  private int[] widths;

  @Option(names = "--batch", paramLabel = "N", defaultValue = "128", description = "Images a step.")
  private int batch;

  @Option(
      names = "--size",
      paramLabel = "N",
      defaultValue = "32",
      description = "Height and width of the images.")
  private int size;

  @Option(names = "--cycles", paramLabel = "N", defaultValue = "1", description = "Cycles a round.")
  private int cycles;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "5",
      description = "Rounds after one to warm up.")
  private int rounds;

  @Option(
      names = "--warm-up",
      paramLabel = "N",
      defaultValue = "20",
      description =
          "Rounds of the last row that do not count: a just-in-time compiler needs thousands of calls before Java runs as it does in a trial.")
  private int warmUp;

  @Option(
      names = "--no-telemetry",
      showDefaultValue = Visibility.NEVER,
      description = "Leave out the rows with the telemetry that trials take.")
  private boolean withoutTelemetry;

  @Mixin private CommonOptions common;

  @Spec private CommandSpec command;

  private final Tables tables;
  private final NativeMemory memory;

  /**
   * @param tables reads the recipe
   * @param memory what was done about native memory
   */
  @Inject
  public SpeedCommand(Tables tables, NativeMemory memory) {
    this.tables = tables;
    this.memory = memory;
  }

  @Override
  public Integer call() {
    require(domain.equals(VisionDomain.ID), "DOMAIN must be vision, got " + domain);
    require(widths.length > 0, "--width must name at least one number of channels");
    for (int width : widths) {
      requireIn("--width", 1, Architecture.ResNet18.LARGEST_WIDTH, width);
    }
    requireIn("--batch", 2, MOST, batch);
    requireIn("--size", 8, MOST, size);
    requireIn("--cycles", 1, MOST, cycles);
    requireIn("--rounds", 1, MOST, rounds);
    requireIn("--warm-up", 1, MOST, warmUp);
    require(
        VisionCycle.pixels(batch, size) <= Integer.MAX_VALUE,
        "two batches of "
            + batch
            + " images of 3x"
            + size
            + "x"
            + size
            + " do not fit 2 GiB; choose a smaller --batch or --size");
    Measured all = measure();
    PrintWriter out = command.commandLine().getOut();
    if (common.json()) {
      out.println(json(all).toPrettyString());
    } else {
      out.print(table(all).toTerminal(common.columns().orElse(Table.TERMINAL_WIDTH)));
    }
    out.flush();
    return ExitCode.OK.code();
  }

  private void requireIn(String option, int least, int most, int value) {
    require(
        least <= value && value <= most,
        option + " must be in " + least + ".." + most + ", got " + value);
  }

  private void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new ParameterException(command.commandLine(), otherwise);
    }
  }

  /**
   * @param rows the last is the fixed cost
   * @param engineAlone ms a step of the fixed cost that are the engine's own
   */
  private record Measured(List<Rounds> rows, double engineAlone) {}

  private Measured measure() {
    boolean telemetry = !withoutTelemetry;
    List<VisionCycle> open = new ArrayList<>();
    Map<Work, VisionCycle> cycleOf = new LinkedHashMap<>();
    try (Progress progress = common.progress()) {
      progress.begin(
          "SFRon+DO, ResNet-18",
          widths.length + 1 + (long) rounds * (widths.length * (telemetry ? 2 : 1) + 1));
      int done = 0;
      for (int width : widths) {
        Work plain = new Work(width, batch, size, cycles, TorchOps.threads(), false);
        VisionCycle cycle = new VisionCycle(plain, tables);
        open.add(cycle);
        cycleOf.put(plain, cycle);
        if (telemetry) {
          cycleOf.put(plain.with(true), cycle);
        }
        cycle.run(telemetry);
        progress.at(++done, "warm-up");
      }
      VisionCycle fixed = new VisionCycle(Work.fixedCost(), tables);
      open.add(fixed);
      cycleOf.put(Work.fixedCost(), fixed);
      for (int i = 0; i < warmUp; i++) {
        fixed.run(false);
      }
      progress.at(++done, "warm-up");

      Map<Work, List<Round>> taken = new LinkedHashMap<>();
      double[] alone = new double[rounds];
      fixed.engineAlone(); // once to warm up
      for (int round = 1; round <= rounds; round++) {
        for (Map.Entry<Work, VisionCycle> entry : cycleOf.entrySet()) {
          Work work = entry.getKey();
          taken
              .computeIfAbsent(work, w -> new ArrayList<>())
              .add(entry.getValue().run(work.telemetry()));
          progress.at(++done, "round " + round);
        }
        alone[round - 1] = fixed.engineAlone();
      }
      List<Rounds> rows =
          taken.entrySet().stream()
              .map(entry -> new Rounds(entry.getKey(), entry.getValue()))
              .toList();
      return new Measured(rows, StatUtils.percentile(alone, 50));
    } finally {
      open.forEach(VisionCycle::close);
    }
  }

  private String setting() {
    Engine engine = Engine.getEngine("PyTorch");
    return "PyTorch %s through DJL %s, Java %s, %s, %s, freed memory %s"
        .formatted(
            engine.getVersion(),
            Engine.getDjlVersion(),
            System.getProperty("java.version"),
            engine.defaultDevice(),
            counted(TorchOps.threads(), "thread"),
            memory.reason());
  }

  private Table table(Measured all) {
    List<Rounds> measured = all.rows();
    double fixed = measured.get(measured.size() - 1).median();
    List<Row> rows = new ArrayList<>();
    for (Rounds each : measured) {
      boolean last = each.work().equals(Work.fixedCost());
      Row row =
          Row.of(
              Cell.text(each.work().inWords()),
              Cell.number(each.median(), 1),
              Cell.number(each.least(), 1),
              Cell.number(each.cycleMillis(), 0),
              Cell.number(each.samplesPerSecond(), 0),
              counted(each.faultsPerStep()),
              counted(each.peakMebibytes()),
              last ? Cell.absent() : Cell.number(100 * fixed / each.median(), 1));
      rows.add(
          last ? row.noted(String.format(Locale.ROOT, FIXED_COST_NOTE, all.engineAlone())) : row);
    }
    return new Table(
        "SFRon+DO on ResNet-18, 1 forget + 5 retain steps a cycle, batch %s of %sx%s; median and least of %s of %s; RSS: peak of the process, all rows' arrays included; %s"
            .formatted(
                batch, size, size, counted(rounds, "round"), counted(cycles, "cycle"), setting()),
        List.of(
            Column.text("work"),
            Column.number("step", "ms"),
            Column.number("least", "ms"),
            Column.number("cycle", "ms"),
            Column.number("images/s", ""),
            Column.number("faults/step", ""),
            Column.number("RSS", "MiB"),
            Column.number("fixed", "%")),
        rows);
  }

  private static String counted(int number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }

  private static Cell counted(double value) {
    return value < 0 ? Cell.absent() : Cell.number(value, 0);
  }

  private ObjectNode json(Measured measured) {
    Engine engine = Engine.getEngine("PyTorch");
    ObjectNode all =
        JSON.createObjectNode()
            .put("recipe", VisionCycle.RECIPE)
            .put("engine", "PyTorch " + engine.getVersion())
            .put("djl", Engine.getDjlVersion())
            .put("java", System.getProperty("java.version"))
            .put("device", engine.defaultDevice().toString())
            .put("allocator", memory.reason());
    ArrayNode rows = all.putArray("rows");
    for (Rounds each : measured.rows()) {
      Work work = each.work();
      ObjectNode row =
          rows.addObject()
              .put("width", work.width())
              .put("batch", work.batch())
              .put("size", work.size())
              .put("cycles", work.cycles())
              .put("threads", work.threads())
              .put("telemetry", work.telemetry())
              .put("fixed_cost", work.equals(Work.fixedCost()))
              .put("step_ms", each.median())
              .put("least_ms", each.least())
              .put("cycle_ms", each.cycleMillis())
              .put("images_per_second", each.samplesPerSecond())
              .put("page_faults_per_step", each.faultsPerStep())
              .put("peak_rss_mib", each.peakMebibytes());
      if (work.equals(Work.fixedCost())) {
        row.put("engine_alone_ms", measured.engineAlone());
      }
      ArrayNode steps = row.putArray("rounds_step_ms");
      each.rounds().forEach(round -> steps.add(round.millisPerStep()));
    }
    return all;
  }
}
