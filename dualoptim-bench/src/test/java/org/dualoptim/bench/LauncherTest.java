package org.dualoptim.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The shell script, against a java that only tells how it was called. */
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {
  private static final Path SCRIPT = Path.of("src/main/dist/bin/dualoptim").toAbsolutePath();

  @TempDir Path folder;
  private Path home;
  private Path launcher;

  private record Answer(int code, String text) {}

  @BeforeEach
  void unpack() throws IOException {
    home = folder.resolve("a folder with spaces");
    Files.createDirectories(home.resolve("lib"));
    launcher = Files.createDirectories(home.resolve("bin")).resolve("dualoptim");
    Files.copy(SCRIPT, launcher);
    assertThat(launcher.toFile().setExecutable(true)).isTrue();
  }

  private Path java(String version) throws IOException {
    Path java = Files.createDirectories(folder.resolve("jdk " + version).resolve("bin"));
    String script =
        """
        #!/bin/sh
        if [ "$1" = -version ]; then echo 'openjdk version "%s" 2025-01-01' >&2; exit 0; fi
        for a in "$@"; do echo "[$a]"; done
        echo "mmap=${MALLOC_MMAP_MAX_-unset} tunables=${GLIBC_TUNABLES-unset} omp=${OMP_NUM_THREADS-unset} lc=${LC_ALL-unset}"
        exit 7
        """
            .formatted(version);
    Path file = Files.writeString(java.resolve("java"), script);
    assertThat(file.toFile().setExecutable(true)).isTrue();
    return java.getParent();
  }

  private Answer call(Path command, Map<String, String> environment, String... args)
      throws IOException, InterruptedException {
    List<String> line = new ArrayList<>(List.of(command.toString()));
    line.addAll(List.of(args));
    ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
    builder.directory(folder.toFile());
    builder.environment().keySet().removeIf(key -> key.startsWith("MALLOC_"));
    builder
        .environment()
        .keySet()
        .removeAll(List.of("OMP_NUM_THREADS", "DUALOPTIM_KEEP_MEMORY", "GLIBC_TUNABLES"));
    builder.environment().putAll(environment);
    Process process = builder.start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Answer(process.waitFor(), text);
  }

  @Test
  void argumentsAndExitCodePassThroughUnchanged() throws Exception {
    String jdk = java("17.0.15").toString();
    Answer answer = call(launcher, Map.of("JAVA_HOME", jdk), "run", "a b", "*", "");
    assertThat(answer.code()).isEqualTo(7);
    assertThat(answer.text())
        .contains("[-cp]\n[" + home.toRealPath() + "/lib/*]\n")
        .contains("[org.dualoptim.bench.DualOptimMain]\n[run]\n[a b]\n[*]\n[]\n");
  }

  @Test
  void itFindsItsFolderThroughLinks() throws Exception {
    Path links = Files.createDirectories(folder.resolve("links"));
    Path first = Files.createSymbolicLink(links.resolve("first"), launcher);
    Path second = Files.createSymbolicLink(links.resolve("second"), first.getFileName());
    Answer answer = call(second, Map.of("JAVA_HOME", java("21").toString()));
    assertThat(answer.text()).contains("[" + home.toRealPath() + "/lib/*]");
  }

  @Test
  void optionsAndOwnJarsReachJava() throws Exception {
    Answer answer =
        call(
            launcher,
            Map.of(
                "JAVA_HOME", java("17").toString(),
                "JAVA_OPTS", "-Xmx4g -Da=b",
                "DUALOPTIM_CLASSPATH", "/my/own.jar",
                "OMP_NUM_THREADS", "3"));
    assertThat(answer.text()).startsWith("[-XX:MaxNewSize=64m]\n[-Xmx4g]\n[-Da=b]\n");
    assertThat(answer.text()).contains("/lib/*:/my/own.jar]").contains("omp=3");
  }

  @Test
  void memoryIsKeptOnLinuxUnlessSwitchedOffOrChosen() throws Exception {
    String jdk = java("17").toString();
    String unset = "mmap=unset tunables=unset";
    String kept = OS.LINUX.isCurrentOs() ? "mmap=0 tunables=glibc.malloc.hugetlb=1" : unset;
    assertThat(call(launcher, Map.of("JAVA_HOME", jdk)).text()).contains(kept);
    Map<String, String> off = Map.of("JAVA_HOME", jdk, "DUALOPTIM_KEEP_MEMORY", "0");
    assertThat(call(launcher, off).text()).contains(unset);
    Map<String, String> chosen =
        Map.of("JAVA_HOME", jdk, "MALLOC_MMAP_MAX_", "9", "GLIBC_TUNABLES", "glibc.malloc.check=1");
    assertThat(call(launcher, chosen).text()).contains("mmap=9 tunables=glibc.malloc.check=1");
  }

  @Test
  void namesOutsideAsciiCanBeOpenedInTheLocaleOfContainers() throws Exception {
    String jdk = java("17").toString();
    for (String ascii : new String[] {"C", "POSIX", "xx_XX.UTF-8"}) {
      assertThat(call(launcher, Map.of("JAVA_HOME", jdk, "LC_ALL", ascii)).text())
          .as(ascii)
          .contains("lc=C.UTF-8")
          .doesNotContain("locale:");
    }
    Map<String, String> installed = Map.of("JAVA_HOME", jdk, "LC_ALL", "", "LANG", "C.UTF-8");
    assertThat(call(launcher, installed).text()).contains("lc=\n");
  }

  @Test
  void aMissingOrOldJavaIsOneSentence() throws Exception {
    Answer missing = call(launcher, Map.of("JAVA_HOME", folder.toString()));
    assertThat(missing.code()).isEqualTo(1);
    assertThat(missing.text()).startsWith("error: JAVA_HOME is ").hasLineCount(1);
    for (String old : new String[] {"1.8.0_392", "11.0.21"}) {
      Answer answer = call(launcher, Map.of("JAVA_HOME", java(old).toString()));
      assertThat(answer.code()).isEqualTo(1);
      assertThat(answer.text()).contains("needs Java 17 or newer").hasLineCount(1);
    }
  }
}
