package org.dualoptim.bench.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.inject.Inject;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.dualoptim.bench.cli.Finding.Verdict;
import org.dualoptim.core.cli.CommonOptions;
import org.dualoptim.core.cli.ExitCode;
import org.dualoptim.core.cli.NativeMemory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code dualoptim doctor}: whether this machine is fit to run. */
@Command(
    name = "doctor",
    header = "Check what this machine has to run on.",
    description = {
      "",
      "One line for each thing that a run depends on: ok, warn or problem, and what to do about it."
          + " The command fails if there is a problem.",
      "",
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  dualoptim doctor",
      "  dualoptim doctor --data /data --runs /scratch/runs",
      "  dualoptim doctor --json",
    })
public final class DoctorCommand implements Callable<Integer> {
  private static final JsonMapper JSON = new JsonMapper();

  private final NativeMemory memory;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      showDefaultValue = Visibility.NEVER,
      description = {"The folder of data sets.", "  Default: DUALOPTIM_DATA of the environment"})
  private Path data;

  @Option(
      names = "--runs",
      paramLabel = "DIR",
      defaultValue = "runs",
      description = "The folder of all trials.")
  private Path runs;

  @Mixin private CommonOptions common;

  @Spec private CommandSpec command;

  @Inject
  DoctorCommand(NativeMemory memory) {
    this.memory = memory;
  }

  @Override
  public Integer call() {
    List<Finding> findings =
        new MachineCheck(System.getenv(), memory, Optional.ofNullable(data), runs).run();
    PrintWriter out = command.commandLine().getOut();
    if (common.json()) {
      ArrayNode all = JSON.createArrayNode();
      findings.forEach(finding -> all.add(json(finding)));
      out.println(all.toPrettyString());
    } else {
      findings.forEach(finding -> print(out, finding));
    }
    out.flush();
    boolean problem = findings.stream().anyMatch(each -> each.verdict() == Verdict.PROBLEM);
    return (problem ? ExitCode.FAILED : ExitCode.OK).code();
  }

  private static ObjectNode json(Finding finding) {
    return JSON.createObjectNode()
        .put("verdict", finding.verdict().inWords())
        .put("topic", finding.topic())
        .put("text", finding.text())
        .put("advice", finding.advice().isEmpty() ? null : finding.advice());
  }

  private static void print(PrintWriter out, Finding finding) {
    String line = "%-8s %-10s %s";
    out.println(line.formatted(finding.verdict().inWords(), finding.topic(), finding.text()));
    if (!finding.advice().isEmpty()) {
      out.println(line.formatted("", "", "-> " + finding.advice()));
    }
  }
}
