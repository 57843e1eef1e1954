package org.dualoptim.bench.cli;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.util.Utils;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dualoptim.bench.cli.Finding.Verdict;
import org.dualoptim.core.cli.Causes;
import org.dualoptim.core.cli.NativeMemory;
import org.dualoptim.core.cli.Sentence;
import org.dualoptim.core.image.DataRoots;
import org.dualoptim.core.run.BuildInfo;
import org.dualoptim.core.run.TrialStore;
import org.dualoptim.core.tensor.Scope;
import org.dualoptim.core.tensor.TorchOps;
import org.dualoptim.eval.report.Fonts;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at what a run depends on: program, Java, engine, op library, threads, memory, data, disk. A
 * check that fails in an unforeseen way is a problem of its own and leaves the others alone.
 *
 * @param environment usually {@code System.getenv()}
 * @param memory what was done about native memory
 * @param data the folder of data, if the command line names one; else the environment may
 * @param runs the folder of trials, which need not exist
 */
record MachineCheck(
    Map<String, String> environment, NativeMemory memory, Optional<Path> data, Path runs) {
  private static final Logger LOG = LoggerFactory.getLogger(MachineCheck.class);
  private static final int OLDEST_JAVA = 17;
  private static final long LITTLE_MEMORY = 2L << 30;
  private static final long LITTLE_DISK = 1L << 30;
  private static final int NAMES_SHOWN = 6;

  List<Finding> run() {
    List<Finding> findings = new ArrayList<>();
    findings.add(check("program", this::program));
    findings.add(check("java", this::java));
    Finding engine = check("engine", this::engine);
    findings.add(engine);
    if (engine.verdict() != Verdict.PROBLEM) {
      findings.add(check("libraries", this::libraries));
      findings.add(check("device", this::device));
      findings.add(check("gradient", this::gradient));
      findings.add(check("threads", this::threads));
    }
    findings.add(check("allocator", this::allocator));
    findings.add(check("memory", this::freeMemory));
    findings.add(check("fonts", this::fonts));
    findings.add(check("data", this::dataRoot));
    findings.add(check("runs", this::diskOfRuns));
    return findings;
  }

  private static Finding check(String topic, Supplier<Finding> body) {
    try {
      return body.get();
    } catch (Exception | LinkageError e) {
      LOG.debug("{}", topic, e);
      return Finding.problem(topic, Sentence.of(e), "run dualoptim doctor -v -v for the log");
    }
  }

  private Finding program() {
    return Finding.ok("program", BuildInfo.version() + ", commit " + BuildInfo.commit());
  }

  private Finding java() {
    int feature = Runtime.version().feature();
    String bits = System.getProperty("sun.arch.data.model");
    String text =
        "%s, %s, %s bit, heap up to %s"
            .formatted(
                System.getProperty("java.version"),
                System.getProperty("java.vendor"),
                bits,
                Bytes.inWords(Runtime.getRuntime().maxMemory()));
    return feature < OLDEST_JAVA || "32".equals(bits)
        ? Finding.problem("java", text, "install a 64-bit Java " + OLDEST_JAVA + " or newer")
        : Finding.ok("java", text);
  }

  private Finding fonts() {
    try {
      Fonts.require();
      return Finding.ok("fonts", "plots can be drawn");
    } catch (IOException e) {
      return Finding.warn("fonts", "plots cannot be drawn", e.getMessage());
    }
  }

  private Finding engine() {
    try {
      Engine engine = Engine.getEngine("PyTorch");
      return Finding.ok(
          "engine", "PyTorch " + engine.getVersion() + " through DJL " + Engine.getDjlVersion());
    } catch (Exception | LinkageError e) {
      LOG.debug("engine", e);
      return Finding.problem(
          "engine",
          "PyTorch does not start: " + Sentence.of(Causes.root(e)),
          "make sure that "
              + Utils.getEngineCacheDir("pytorch")
              + " can be written and executed from (DJL_CACHE_DIR moves it) and that the"
              + " pytorch-native jar for this system is on the class path");
    }
  }

  private Finding libraries() {
    return Finding.ok(
        "libraries",
        mappedFolder()
            .map(folder -> "libtorch loaded from " + folder)
            .orElseGet(
                () -> "libtorch loaded, unpacked below " + Utils.getEngineCacheDir("pytorch")));
  }

  /** Where the library that is really in use lies, as Linux tells. */
  private static Optional<String> mappedFolder() {
    try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
      return maps.filter(line -> line.contains("libtorch_cpu"))
          .map(line -> line.substring(line.indexOf('/'), line.lastIndexOf('/')))
          .findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private Finding device() {
    Engine engine = Engine.getEngine("PyTorch");
    String gpus = engine.getGpuCount() == 0 ? "no GPU" : engine.getGpuCount() + " GPU";
    return Finding.ok("device", engine.defaultDevice() + ", " + gpus + " that the engine can use");
  }

  /** The derivative of {@code sum(x * x)} is {@code 2 x}. */
  private Finding gradient() {
    try (NDManager manager = NDManager.newBaseManager("PyTorch");
        Scope scope = Scope.recording(manager)) {
      NDArray x = scope.manager().create(new float[] {1, -2, 3});
      x.setRequiresGradient(true);
      NDArray gradient = TorchOps.grads(x.mul(x).sum(), new NDList(x)).singletonOrThrow();
      float[] got = gradient.toFloatArray();
      return Arrays.equals(got, new float[] {2, -4, 6})
          ? Finding.ok("gradient", "op library loaded, a gradient comes out right")
          : Finding.problem(
              "gradient",
              "the gradient of x * x at (1, -2, 3) came out as " + Arrays.toString(got),
              "do not trust results of this engine; remove "
                  + Utils.getEngineCacheDir("pytorch")
                  + " so that it is unpacked again");
    }
  }

  private Finding threads() {
    int threads = TorchOps.threads();
    int cores = Runtime.getRuntime().availableProcessors();
    String text =
        "%s for the engine, %s cores, OMP_NUM_THREADS %s"
            .formatted(threads, cores, environment.getOrDefault("OMP_NUM_THREADS", "not set"));
    if (!environment
        .getOrDefault("OMP_NUM_THREADS", "1")
        .strip()
        .matches("[1-9][0-9]*(,[1-9][0-9]*)*")) {
      return Finding.warn(
          "threads", text, "OMP_NUM_THREADS must be a whole number >= 1; unset it for all cores");
    }
    return threads > cores
        ? Finding.warn("threads", text, "set OMP_NUM_THREADS=" + cores + " or less")
        : Finding.ok("threads", text);
  }

  private Finding allocator() {
    String text = "freed tensors are " + memory.reason();
    return memory.state() == NativeMemory.State.NOT_POSSIBLE
        ? Finding.warn(
            "allocator",
            text,
            "steps may take up to a third longer than on a system with glibc; "
                + NativeMemory.SWITCH
                + "=0 accepts that")
        : Finding.ok("allocator", text);
  }

  private Finding freeMemory() {
    var system =
        (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long free = available().orElse(system.getFreeMemorySize());
    String text = Bytes.inWords(free) + " free of " + Bytes.inWords(system.getTotalMemorySize());
    return free < LITTLE_MEMORY
        ? Finding.warn("memory", text, "close other programs, or keep to the small recipes")
        : Finding.ok("memory", text);
  }

  /** What Linux could give without swapping; what it calls free leaves out caches. */
  private static Optional<Long> available() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/meminfo"))) {
      return lines
          .filter(line -> line.startsWith("MemAvailable:"))
          .map(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
          .findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private Finding dataRoot() {
    List<Path> named = DataRoots.of(data.orElse(null), environment).folders();
    if (named.isEmpty()) {
      return Finding.ok(
          "data",
          "no folder named, embedded data only; for real data use --data DIR or DUALOPTIM_DATA");
    }
    Path root = named.get(0);
    String[] names = root.toFile().list();
    if (names == null) {
      return Finding.problem(
          "data", root + " is not a folder that can be read", "correct --data or DUALOPTIM_DATA");
    }
    if (names.length == 0) {
      return Finding.warn("data", root + " is empty", "put data sets there, each in its folder");
    }
    String shown =
        Arrays.stream(names).sorted().limit(NAMES_SHOWN).collect(Collectors.joining(", "));
    int more = names.length - NAMES_SHOWN;
    return Finding.ok(
        "data", root + " holds " + shown + (more > 0 ? " and " + more + " more" : ""));
  }

  private Finding diskOfRuns() {
    try {
      TrialStore store = new TrialStore(runs);
      long used = 0;
      for (Path folder : store.folders()) {
        used += TrialStore.size(folder);
      }
      File disk = runs.toAbsolutePath().toFile();
      while (!disk.exists()) {
        disk = disk.getParentFile();
      }
      String text =
          "%s trials in %s, %s; %s free on its disk"
              .formatted(
                  store.folders().size(),
                  runs,
                  Bytes.inWords(used),
                  Bytes.inWords(disk.getUsableSpace()));
      if (!disk.canWrite() || !disk.isDirectory()) {
        return Finding.problem(
            "runs", disk + " cannot be written", "choose another folder with --runs DIR");
      }
      return disk.getUsableSpace() < LITTLE_DISK
          ? Finding.warn("runs", text, "make room with dualoptim runs remove")
          : Finding.ok("runs", text);
    } catch (IOException e) {
      return Finding.problem(
          "runs", runs + " cannot be read: " + e.getMessage(), "choose another with --runs DIR");
    }
  }
}
