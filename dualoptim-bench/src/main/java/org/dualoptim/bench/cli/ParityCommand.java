package org.dualoptim.bench.cli;

import jakarta.inject.Inject;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.dualoptim.core.cli.CommonOptions;
import org.dualoptim.core.cli.ExitCode;
import org.dualoptim.core.parity.ParityException;
import org.dualoptim.core.parity.ParityReport;
import org.dualoptim.core.parity.ParityResult;
import org.dualoptim.core.parity.ParityRunner;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code dualoptim parity}: recomputes recorded cases and compares. */
@Command(
    name = "parity",
    header = "Check that recorded computations come out the same here.",
    description = {
      "",
      "A parity case is a safetensors file with inputs and the outputs that a reference"
          + " implementation computed from them. Each case prints one line",
      "",
      "  PASS|FAIL  kind  name  max_abs  max_rel  (limit)  milliseconds",
      "",
      "with the reason after it if it failed. In a folder, a case is named by its path there. The"
          + " command succeeds if at least one case ran and all passed.",
      "",
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  dualoptim parity cases/",
      "  dualoptim parity cases/ --kind optimizer --kind clip",
      "  dualoptim parity --json my-case.safetensors > verdict.json",
    })
public final class ParityCommand implements Callable<Integer> {
  private final ParityRunner runner;

  @Parameters(
      arity = "1..*",
      paramLabel = "PATH",
      description = "Case files, or folders, which are searched through all levels.")
  private List<Path> paths;

  @Option(
      names = {"-k", "--kind"},
      paramLabel = "KIND",
      showDefaultValue = Visibility.NEVER,
      description = "Run only cases of this kind; may be given several times.")
  private Set<String> kinds = new LinkedHashSet<>();

  @Mixin private CommonOptions common;

  @Spec private CommandSpec command;

  @Inject
  ParityCommand(ParityRunner runner) {
    this.runner = runner;
  }

  @Override
  public Integer call() {
    PrintWriter out = command.commandLine().getOut();
    List<ParityResult> results = runner.run(paths, kinds, result -> stream(out, result));
    if (common.json()) {
      out.println(ParityReport.json(results).toPrettyString());
    } else {
      out.println(ParityReport.summary(results));
    }
    out.flush();
    if (results.isEmpty()) {
      throw new ParityException(
          kinds.isEmpty()
              ? "no parity case (*.safetensors) in " + shown(paths)
              : "no parity case of kind "
                  + String.join(" or ", kinds)
                  + " in "
                  + shown(paths)
                  + "; known kinds are "
                  + String.join(", ", runner.kinds()));
    }
    boolean passed = results.stream().allMatch(ParityResult::passed);
    return (passed ? ExitCode.OK : ExitCode.FAILED).code();
  }

  private void stream(PrintWriter out, ParityResult result) {
    if (!common.json()) {
      out.println(ParityReport.line(result));
      out.flush();
    }
  }

  private static String shown(List<Path> paths) {
    return String.join(", ", paths.stream().map(Path::toString).toList());
  }
}
