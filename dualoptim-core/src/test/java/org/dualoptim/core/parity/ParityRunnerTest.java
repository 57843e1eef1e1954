package org.dualoptim.core.parity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.inject.AbstractModule;
import com.google.inject.Guice;
import com.google.inject.multibindings.MapBinder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.dualoptim.core.io.HostTensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParityRunnerTest {
  /** {@code y = 2 x}. */
  private static final ParityKind DOUBLE =
      kind(
          "double",
          c -> {
            float[] values = c.in("x").floats();
            for (int i = 0; i < values.length; i++) {
              values[i] *= 2;
            }
            return Map.of(
                "y", HostTensor.of(values, c.in("x").shape()), "unasked", HostTensor.scalar(0));
          });

  /** Every output is the input of the same name. */
  private static final ParityKind ECHO =
      kind(
          "echo",
          c -> {
            Map<String, HostTensor> outputs = Cases.tensors();
            c.inNames().forEach(name -> outputs.put(name, c.in(name)));
            return outputs;
          });

  private static final ParityKind BROKEN =
      kind(
          "broken",
          c -> {
            throw new IllegalStateException(
                "shapes do not match\nException raised from at native.cpp:12");
          });

  @TempDir Path folder;

  private interface Computation {
    Map<String, HostTensor> of(ParityCase c) throws Exception;
  }

  private static ParityKind kind(String id, Computation computation) {
    return new ParityKind() {
      @Override
      public String id() {
        return id;
      }

      @Override
      public Map<String, HostTensor> compute(ParityCase c) throws Exception {
        return computation.of(c);
      }
    };
  }

  private List<ParityResult> run(Path... paths) {
    return runner().run(List.of(paths), Set.of(), result -> {});
  }

  private static ParityRunner runner() {
    return new ParityRunner(Map.of("double", DOUBLE, "echo", ECHO, "broken", BROKEN));
  }

  private ParityResult verdict(HostTensor got, HostTensor want, String... metadata)
      throws IOException {
    Map<String, String> all = Cases.metadata(metadata);
    all.put("kind", "echo");
    return run(Cases.write(folder.resolve("c.safetensors"), all, "in/y", got, "out/y", want))
        .get(0);
  }

  private static HostTensor vector(double... values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return HostTensor.of(floats, values.length);
  }

  @Test
  void aCorrectCasePassesAndSaysHowCloseItCame() throws IOException {
    Path file =
        Cases.write(
            folder.resolve("a.safetensors"),
            Cases.metadata(),
            "in/x",
            vector(1, 2),
            "out/y",
            vector(2, 4.0625));

    ParityResult result = run(file).get(0);

    assertThat(result.passed()).isTrue();
    assertThat(result.reason()).isEmpty();
    assertThat(result.kind()).isEqualTo("double");
    assertThat(result.name()).isEqualTo("a");
    assertThat(result.maxAbs()).isEqualTo(0.0625);
    assertThat(result.maxRel()).isEqualTo(0.0625 / 4.0625);
    assertThat(result.limit()).isEqualTo("atol 0.100, rtol 0.00");
    assertThat(result.millis()).isPositive();
    assertThat(result.file()).isEqualTo(file);
  }

  @Test
  void theLimitIsAbsolutePlusRelativeToTheWantedValue() throws IOException {
    assertThat(verdict(vector(110.5), vector(100), "atol", "0.5", "rtol", "0.1").passed()).isTrue();
    assertThat(verdict(vector(110.625), vector(100), "atol", "0.5", "rtol", "0.1").passed())
        .isFalse();
    assertThat(verdict(vector(-110.5), vector(-100), "atol", "0.5", "rtol", "0.1").passed())
        .isTrue();
    assertThat(verdict(vector(1), vector(0), "atol", "0", "rtol", "10").passed()).isFalse();
    assertThat(verdict(vector(1), vector(0), "atol", "0", "atol/y", "1").passed()).isTrue();
    assertThat(verdict(vector(1), vector(0), "atol", "1", "atol/y", "0").passed()).isFalse();
  }

  @Test
  void aFailureNamesTheWorstElement() throws IOException {
    ParityResult result =
        verdict(
            HostTensor.of(new float[] {0, 1, 2, 9, 4, 6}, 2, 3),
            HostTensor.of(new float[] {0, 1, 2, 3, 4, 5}, 2, 3),
            "atol/y",
            "0.5");

    assertThat(result.passed()).isFalse();
    assertThat(result.reason())
        .contains("y at [1, 0]: got 9.0, want 3.0, the worst of 2 elements beyond their limits");
    assertThat(result.maxAbs()).isEqualTo(6);
    assertThat(result.maxRel()).isEqualTo(2);
    assertThat(result.limit()).isEqualTo("atol 0.500, rtol 0.00");
  }

  @Test
  void infinityPassesOnlyWhereTheReferenceHasIt() throws IOException {
    double inf = Double.POSITIVE_INFINITY;
    assertThat(verdict(vector(inf, -inf), vector(inf, -inf)).passed()).isTrue();
    for (HostTensor[] pair :
        new HostTensor[][] {
          {vector(inf), vector(1)}, {vector(1), vector(inf)}, {vector(-inf), vector(inf)}
        }) {
      ParityResult result = verdict(pair[0], pair[1], "rtol", "1");
      assertThat(result.passed()).isFalse();
      assertThat(result.maxAbs()).isInfinite();
      assertThat(result.reason().orElseThrow()).startsWith("y at [0]: got ");
    }
  }

  @Test
  void nanFailsEvenWhereTheReferenceHasItOrNoOutputWouldShowIt() throws IOException {
    HostTensor nan = HostTensor.of(new float[] {1, 2, Float.NaN}, 3, 1);
    HostTensor numbers = HostTensor.of(new float[3], 3, 1);
    ParityKind divide =
        kind("divide", c -> Map.of("y", HostTensor.scalar(0f / c.in("x").floats()[0])));
    Path sameNan = folder.resolve("a.safetensors");
    Path computedNan = folder.resolve("b.safetensors");
    Cases.write(sameNan, Cases.metadata("kind", "echo"), "in/y", nan, "out/y", nan);
    Cases.write(
        computedNan,
        Cases.metadata("kind", "divide"),
        "in/x",
        numbers,
        "out/y",
        HostTensor.scalar(0));
    Path unseen = folder.resolve("c.safetensors");
    Cases.write(
        unseen,
        Cases.metadata("kind", "echo"),
        "in/y",
        numbers,
        "weights/w",
        nan,
        "out/y",
        numbers);
    ParityRunner runner = new ParityRunner(Map.of("echo", ECHO, "divide", divide));

    assertThat(runner.run(List.of(folder), Set.of(), r -> {}))
        .extracting(result -> result.reason().orElse("passed"))
        .containsExactly(
            "the case holds NaN in in/y at [2, 0]",
            "y at []: got NaN, want 0.0, the only element beyond its limit",
            "the case holds NaN in weights/w at [2, 0]");
  }

  @Test
  void integersMustBeEqualWhateverTheTolerance() throws IOException {
    long large = 1L << 60;
    assertThat(
            verdict(HostTensor.of(new long[] {large}, 1), HostTensor.of(new long[] {large}, 1))
                .passed())
        .isTrue();
    ParityResult neighbours =
        verdict(
            HostTensor.of(new long[] {large + 1}, 1),
            HostTensor.of(new long[] {large}, 1),
            "atol",
            "5");
    assertThat(neighbours.passed()).isFalse();
    assertThat(neighbours.reason())
        .contains(
            "y at [0]: got 1152921504606846977, want 1152921504606846976, the only element beyond its limit");
    assertThat(
            verdict(HostTensor.ofBytes(new byte[] {1}, 1), HostTensor.of(new long[] {1}, 1))
                .passed())
        .isTrue();
    assertThat(verdict(vector(1), HostTensor.of(new long[] {1}, 1)).passed()).isTrue();
    assertThat(verdict(vector(1.001), HostTensor.of(new long[] {1}, 1), "atol", "5").passed())
        .isFalse();
    assertThat(verdict(HostTensor.of(new long[] {1}, 1), vector(1.0625)).passed()).isTrue();
  }

  @Test
  void emptyOutputsAreEqual() throws IOException {
    ParityResult result =
        verdict(HostTensor.of(new long[0], 2, 0), HostTensor.of(new long[0], 2, 0));

    assertThat(result.passed()).isTrue();
    assertThat(result.maxAbs()).isZero();
  }

  @Test
  void everythingThatGoesWrongIsOneSentenceAndSparesTheOthers() throws IOException {
    HostTensor one = vector(1);
    Files.writeString(folder.resolve("a-garbage.safetensors"), "not a case");
    Cases.write(folder.resolve("b-headless.safetensors"), Map.of(), "x", one);
    Cases.write(
        folder.resolve("c-unknown.safetensors"), Cases.metadata("kind", "halve"), "out/y", one);
    Cases.write(
        folder.resolve("d-throws.safetensors"), Cases.metadata("kind", "broken"), "out/y", one);
    Cases.write(folder.resolve("e-no-input.safetensors"), Cases.metadata(), "out/y", one);
    Cases.write(
        folder.resolve("f-no-output.safetensors"), Cases.metadata(), "in/x", one, "out/z", one);
    Cases.write(
        folder.resolve("g-shape.safetensors"),
        Cases.metadata(),
        "in/x",
        one,
        "out/y",
        vector(2, 2));
    Cases.write(folder.resolve("h-nothing.safetensors"), Cases.metadata(), "in/x", one);
    Cases.write(
        folder.resolve("i-good.safetensors"), Cases.metadata(), "in/x", one, "out/y", vector(2));

    List<ParityResult> results = run(folder, folder.resolve("gone"));

    assertThat(results)
        .extracting(ParityResult::passed)
        .containsExactly(false, false, false, false, false, false, false, false, true, false);
    assertThat(results)
        .extracting(result -> result.reason().orElse(""))
        .noneMatch(reason -> reason.contains("\n"));
    List<String> reasons = results.stream().map(result -> result.reason().orElse("")).toList();
    assertThat(reasons.get(0)).contains("neither safetensors nor a torch checkpoint");
    assertThat(reasons.get(1)).contains("is not a parity case");
    assertThat(reasons.get(2)).isEqualTo("unknown kind 'halve'; known are [broken, double, echo]");
    assertThat(reasons.get(3)).isEqualTo("IllegalStateException: shapes do not match");
    assertThat(reasons.get(4)).isEqualTo("case e-no-input lacks tensor in/x");
    assertThat(reasons.get(5)).isEqualTo("output z was not computed");
    assertThat(reasons.get(6)).isEqualTo("output y has shape [1], want [2]");
    assertThat(reasons.get(7)).contains("no out/ tensor");
    assertThat(reasons.get(9)).endsWith("gone does not exist");
    assertThat(results.get(2).kind()).isEqualTo("halve");
    assertThat(results.get(0).kind()).isEqualTo("?");
  }

  @Test
  void errorsOfAKindFailItsCaseAndNoOther() throws IOException {
    Path file = Cases.write(folder.resolve("c.safetensors"), Cases.metadata(), "out/y", vector(1));

    assertThat(reason(file, new NoClassDefFoundError("ai/djl/X")))
        .isEqualTo("NoClassDefFoundError: ai/djl/X");
    assertThat(reason(file, new OutOfMemoryError("Java heap space")))
        .isEqualTo("out of memory (Java heap space)");
    assertThat(reason(file, new StackOverflowError())).isEqualTo("StackOverflowError");
    ParityRunner nothing = new ParityRunner(Map.of("double", kind("double", c -> null)));
    assertThat(nothing.run(List.of(file), Set.of(), r -> {}).get(0).passed()).isFalse();
    assertThatThrownBy(() -> reason(file, new InternalError())).isInstanceOf(InternalError.class);
  }

  private static String reason(Path file, Error thrown) {
    ParityKind throwing =
        kind(
            "double",
            c -> {
              throw thrown;
            });
    return new ParityRunner(Map.of("double", throwing))
        .run(List.of(file), Set.of(), r -> {})
        .get(0)
        .reason()
        .orElseThrow();
  }

  @Test
  void foldersAreWalkedInOrderAndAFileRunsOnce() throws IOException {
    Path deep = Files.createDirectories(folder.resolve("b/deep"));
    Path late =
        Cases.write(
            folder.resolve("c.safetensors"),
            Cases.metadata(),
            "in/x",
            vector(1),
            "out/y",
            vector(2));
    Cases.write(
        deep.resolve("z.safetensors"), Cases.metadata(), "in/x", vector(1), "out/y", vector(2));
    Cases.write(
        folder.resolve("a.safetensors"), Cases.metadata(), "in/x", vector(1), "out/y", vector(2));
    Files.writeString(folder.resolve("README.md"), "no case");
    List<String> heard = new ArrayList<>();

    List<ParityResult> results =
        runner().run(List.of(late, folder), Set.of(), result -> heard.add(result.name()));

    assertThat(heard).containsExactly("c", "a", "b/deep/z");
    assertThat(results).extracting(ParityResult::name).isEqualTo(heard);
  }

  @Test
  void theFilterRunsOneKindAndStillReportsWhatItCannotRead() throws IOException {
    Cases.write(
        folder.resolve("a.safetensors"), Cases.metadata(), "in/x", vector(1), "out/y", vector(2));
    Cases.write(
        folder.resolve("b.safetensors"),
        Cases.metadata("kind", "echo"),
        "in/y",
        vector(1),
        "out/y",
        vector(1));
    Cases.write(folder.resolve("c.safetensors"), Cases.metadata("kind", null), "out/y", vector(1));

    List<ParityResult> results = runner().run(List.of(folder), Set.of("echo"), result -> {});

    assertThat(results).extracting(ParityResult::name).containsExactly("b", "c");
    assertThat(results).extracting(ParityResult::passed).containsExactly(true, false);
  }

  @Test
  void guiceGivesTheRunnerTheKindsOfAllModules() throws IOException {
    Path file =
        Cases.write(
            folder.resolve("c.safetensors"),
            Cases.metadata(),
            "in/x",
            vector(1),
            "out/y",
            vector(2));
    ParityRunner runner =
        Guice.createInjector(
                new AbstractModule() {
                  @Override
                  protected void configure() {
                    MapBinder.newMapBinder(binder(), String.class, ParityKind.class)
                        .addBinding(DOUBLE.id())
                        .toInstance(DOUBLE);
                  }
                })
            .getInstance(ParityRunner.class);

    assertThat(runner.run(List.of(file), Set.of(), r -> {}).get(0).passed()).isTrue();
  }
}
