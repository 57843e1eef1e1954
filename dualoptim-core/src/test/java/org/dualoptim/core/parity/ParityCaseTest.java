package org.dualoptim.core.parity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.dualoptim.core.io.DType;
import org.dualoptim.core.io.HostTensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParityCaseTest {
  private static final HostTensor ONE = HostTensor.scalar(1);

  @TempDir Path folder;

  @Test
  void givesWhatTheFileSays() throws IOException {
    Path file =
        Cases.write(
            folder.resolve("double-small.safetensors"),
            Cases.metadata("rtol", "1e-05", "atol/grad/w", "0.5"),
            "weights/z.weight",
            ONE,
            "in/x",
            HostTensor.scalar(2),
            "weights/a.bias",
            ONE,
            "in/grad/0",
            ONE,
            "out/y",
            HostTensor.scalar(4),
            "out/grad/w",
            ONE);

    ParityCase c = ParityCase.read(file);

    assertThat(c.kind()).isEqualTo("double");
    assertThat(c.name()).isEqualTo("double-small");
    assertThat(c.source()).isEqualTo("by hand");
    assertThat(c.config().get("steps").asInt()).isEqualTo(3);
    assertThat(c.in("x").floats()).containsExactly(2);
    assertThat(c.inNames()).containsExactly("x", "grad/0");
    assertThat(c.optionalIn("target")).isEmpty();
    assertThat(c.weights().keySet()).containsExactly("z.weight", "a.bias");
    assertThat(c.wanted()).containsExactly("y", "grad/w");
    assertThat(c.want("y").floats()).containsExactly(4);
    assertThat(c.rtol()).isEqualTo(1e-5);
    assertThat(c.atol("y")).isEqualTo(0.1);
    assertThat(c.atol("grad/w")).isEqualTo(0.5);
    assertThat(c.resolve("tokenizer.json")).isEqualTo(folder.resolve("tokenizer.json"));
  }

  @Test
  void inputsInDoublePrecisionAreRoundedOnceSoThatTheyMeetTheRest() throws IOException {
    ByteBuffer tenth = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putDouble(0, 0.1);
    HostTensor wide = new HostTensor(DType.F64, new long[0], tenth);
    ParityCase c =
        ParityCase.read(
            Cases.write(folder.resolve("c.safetensors"), Cases.metadata(), "in/x", wide));

    assertThat(c.floats("x")).isEqualTo(HostTensor.scalar(0.1f));
    assertThat(c.in("x")).isEqualTo(wide);
  }

  @Test
  void namesTheTensorThatIsMissing() throws IOException {
    ParityCase c = ParityCase.read(Cases.write(folder.resolve("c.safetensors"), Cases.metadata()));

    assertThatThrownBy(() -> c.in("x"))
        .isInstanceOf(ParityException.class)
        .hasMessage("case c lacks tensor in/x");
    assertThatThrownBy(() -> c.want("y"))
        .isInstanceOf(ParityException.class)
        .hasMessage("case c lacks tensor out/y");
  }

  @Test
  void anAbsentConfigIsEmptyAndAnAbsentSourceIsUnknown() throws IOException {
    ParityCase c =
        ParityCase.read(
            Cases.write(
                folder.resolve("c.safetensors"), Cases.metadata("config", null, "source", null)));

    assertThat(c.config()).isEmpty();
    assertThat(c.source()).isEmpty();
  }

  @Test
  void aNumberOfTheConfigThatIsMissingOrNoneSaysWhich() throws IOException {
    ParityCase c =
        ParityCase.read(
            Cases.write(
                folder.resolve("c.safetensors"),
                Cases.metadata(
                    "config", "{\"steps\": 5.0, \"half\": 2.5, \"text\": \"5\", \"ratio\": 1}")));

    assertThat(c.number("ratio")).isEqualTo(1.0);
    assertThat(c.whole("steps", 0)).isEqualTo(5);
    assertThatThrownBy(() -> c.number("lambda"))
        .hasMessage("lambda must be a number, but is missing");
    assertThatThrownBy(() -> c.number("text")).hasMessage("text must be a number, got \"5\"");
    assertThatThrownBy(() -> c.whole("half", 0))
        .hasMessage("half must be a whole number >= 0, got 2.5");
    assertThatThrownBy(() -> c.whole("steps", 6))
        .hasMessage("steps must be a whole number >= 6, got 5.0");
  }

  @Test
  void metadataThatCannotBeMeantIsRefusedInOneSentence() throws IOException {
    assertRefused(
        Map.of(),
        "is not a parity case: its metadata entry 'format' must be 'dualoptim-parity/1', got null");
    assertRefused(Cases.metadata("format", "dualoptim-parity/2"), "got dualoptim-parity/2");
    assertRefused(Cases.metadata("kind", null), "lacks the metadata entry 'kind'");
    assertRefused(Cases.metadata("rtol", null), "lacks the metadata entry 'rtol'");
    assertRefused(Cases.metadata("atol", "small"), "'atol' must be a number >= 0, got 'small'");
    assertRefused(Cases.metadata("atol", "-1"), "got '-1'");
    assertRefused(Cases.metadata("atol", "NaN"), "got 'NaN'");
    assertRefused(Cases.metadata("rtol", "Infinity"), "got 'Infinity'");
    assertRefused(Cases.metadata("atol/y", "x"), "'atol/y' must be a number");
    assertRefused(Cases.metadata("config", "{\"lr\": 1"), "config that is not JSON");
    assertRefused(Cases.metadata("config", "{\"lr\": 1, \"lr\": 2}"), "config that is not JSON");
    assertRefused(Cases.metadata("config", "[]"), "not a JSON object");
    assertRefused(Cases.metadata("config", ""), "not a JSON object");
  }

  private void assertRefused(Map<String, String> metadata, String reason) throws IOException {
    Path file = Cases.write(folder.resolve("c.safetensors"), metadata, "out/y", ONE);
    assertThatThrownBy(() -> ParityCase.read(file))
        .isInstanceOf(ParityException.class)
        .hasMessageStartingWith("case c")
        .hasMessageContaining(reason)
        .hasMessageNotContaining("\n");
    Files.delete(file);
  }
}
