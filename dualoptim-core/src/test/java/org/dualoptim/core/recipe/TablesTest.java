package org.dualoptim.core.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.inject.Guice;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.dualoptim.core.CoreModule;
import org.dualoptim.core.optim.AdamW;
import org.dualoptim.core.optim.Betas;
import org.dualoptim.core.optim.LrSchedule;
import org.dualoptim.core.optim.Muon;
import org.dualoptim.core.optim.Objective;
import org.dualoptim.core.optim.Optimizer;
import org.dualoptim.core.optim.Sgd;
import org.dualoptim.core.optim.UnlearningOptimizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TablesTest {
  private static final String SGD = "{kind: 'sgd', lr: 0.1, momentum: 0.9, weight_decay: 0}";
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(JsonReadFeature.ALLOW_SINGLE_QUOTES, JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES)
          .build();

  private final Tables tables = Guice.createInjector(new CoreModule()).getInstance(Tables.class);

  @Test
  void readsWhatMayBeAbsentAsNull() throws JsonProcessingException {
    assertThat(tables.read(JSON.readTree(SGD), Optimizer.class, "optimizer"))
        .isEqualTo(new Sgd(0.1, 0.9, 0, null));
    String adamw = "{kind: 'adamw', lr: 1, betas: [0, 0], eps: 0, weight_decay: 0}";
    assertThat(tables.read(JSON.readTree(adamw), Optimizer.class, "optimizer"))
        .isEqualTo(new AdamW(1, new Betas(0, 0), 0, 0, null));
    String muon =
        "{kind: 'muon', lr: 1, momentum: 0, weight_decay: 0, ns_steps: 5, nesterov: true}";
    assertThat(tables.read(JSON.readTree(muon), Optimizer.class, "optimizer"))
        .isEqualTo(new Muon(1, 0, 0, 5, true, null));
  }

  @Test
  void aNumberInAListMustBeFiniteToo() throws JsonProcessingException {
    JsonNode table = JSON.readTree("{kind: 'multi-step', milestones: [1, 1e999], gamma: 0.5}");
    assertThatThrownBy(() -> tables.read(table, LrSchedule.class, "schedule.lr"))
        .hasMessage("schedule.lr.milestones[1]: must be finite, got Infinity");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {kind: 'sgd', lr: -1, momentum: 0.9, weight_decay: 0}           | optimizer.lr: must be >= 0, got -1.0
          {kind: 'sgd', lr: 1, momentun: 0.9, weight_decay: 0}            | optimizer.momentun: unknown key; known keys: lr, momentum, weight_decay, nesterov
          {kind: 'sgd', lr: 1, weight_decay: 0}                           | optimizer.momentum is missing
          {kind: 'sgd', lr: '1', momentum: 0.9, weight_decay: 0}          | optimizer.lr: must be a number, got "1"
          {kind: 'sgd', lr: true, momentum: 0.9, weight_decay: 0}         | optimizer.lr: must be a number, got true
          {kind: 'sgd', lr: null, momentum: 0.9, weight_decay: 0}         | optimizer.lr: must be a number, got null
          {kind: 'sgd', lr: 1, momentum: 0, weight_decay: 0, nesterov: true} | optimizer.nesterov: needs a momentum > 0
          {kind: 'sgd', lr: 1, momentum: 0, weight_decay: 0, nesterov: 1} | optimizer.nesterov: must be true or false, got 1
          {kind: 'sdg', lr: 1}                                            | optimizer.kind: unknown kind "sdg"; known: adam, adamw, adamw-8bit, groups, lion, muon, sgd
          {lr: 1}                                                         | optimizer.kind is missing; known: adam, adamw, adamw-8bit, groups, lion, muon, sgd
          'sgd'                                                           | optimizer: must be a table with a kind, got "sgd"; known: adam, adamw, adamw-8bit, groups, lion, muon, sgd
          null                                                            | optimizer is missing
          {kind: 'adamw', lr: 1, eps: 0, weight_decay: 0}                 | optimizer.betas is missing
          {kind: 'adamw', lr: 1, eps: 0, weight_decay: 0, betas: null}    | optimizer.betas is missing
          {kind: 'adamw', lr: 1, eps: 0, weight_decay: 0, betas: [0.9]}   | optimizer.betas: must be two numbers, got [0.9]
          {kind: 'adamw', lr: 1, eps: 0, weight_decay: 0, betas: [0.9, 1]} | optimizer.betas[1]: must be in [0, 1), got 1.0
          {kind: 'adamw', lr: 1, eps: 0, weight_decay: 0, betas: 0.9}     | optimizer.betas: must be a list, got 0.9
          {kind: 'adamw', lr: 1, eps: 0, weight_decay: 0, betas: ['a', 1]} | optimizer.betas[0]: must be a number, got "a"
          {kind: 'adamw', lr: 1, eps: 0, weight_decay: 0, betas: [0, 0], decay: 'later'} | optimizer.decay: must be one of "before", "after", got "later"
          {kind: 'muon', lr: 1, momentum: 0, weight_decay: 0, ns_steps: 2.5, nesterov: true} | optimizer.ns_steps: must be a whole number, got 2.5
          {kind: 'muon', lr: 1, momentum: 0, weight_decay: 0, ns_steps: -1, nesterov: true} | optimizer.ns_steps: must be >= 0, got -1
          """)
  void saysInOneSentenceWhatIsWrong(String table, String message) throws JsonProcessingException {
    var json = JSON.readTree(table);
    assertThatThrownBy(() -> tables.read(json, Optimizer.class, "optimizer"))
        .isInstanceOf(RecipeException.class)
        .hasMessage(message);
  }

  @Test
  void namesThePathOfANestedKey() throws JsonProcessingException {
    var negative =
        JSON.readTree(
            "{kind: 'dual', forget: {kind: 'sgd', lr: -1, momentum: 0.9, weight_decay: 0}, retain: "
                + SGD
                + "}");
    assertThatThrownBy(() -> tables.read(negative, UnlearningOptimizer.class, "optimizer"))
        .hasMessage("optimizer.forget.lr: must be >= 0, got -1.0");

    var unknown = JSON.readTree("{kind: 'dual', forget: {kind: 'sdg'}, retain: " + SGD + "}");
    assertThatThrownBy(() -> tables.read(unknown, UnlearningOptimizer.class, "optimizer"))
        .hasMessage(
            "optimizer.forget.kind: unknown kind \"sdg\"; known: adam, adamw, adamw-8bit, groups, lion, muon, sgd");

    var lacking = JSON.readTree("{kind: 'dual', forget: " + SGD + "}");
    assertThatThrownBy(() -> tables.read(lacking, UnlearningOptimizer.class, "optimizer"))
        .hasMessage("optimizer.retain is missing");
  }

  @Test
  void namesTheKeyOfAMapThatIsNoneOfItsKeys() throws JsonProcessingException {
    record Order(Map<Objective, List<String>> transforms) {}

    assertThat(tables.read(JSON.readTree("{transforms: {forget: ['clip']}}"), Order.class, ""))
        .isEqualTo(new Order(Map.of(Objective.FORGET, List.of("clip"))));
    var misspelt = JSON.readTree("{transforms: {forgot: ['clip']}}");
    assertThatThrownBy(() -> tables.read(misspelt, Order.class, ""))
        .hasMessage("transforms.forgot: unknown key; known keys: forget, retain, joint");
  }

  @Test
  void knowsTheKindsThatAFamilyDeclaresItself() throws JsonProcessingException {
    var unknown = JSON.readTree("{kind: 'linear'}");
    assertThatThrownBy(() -> tables.read(unknown, LrSchedule.class, "schedule.lr"))
        .hasMessage(
            "schedule.lr.kind: unknown kind \"linear\"; known: constant, cosine, linear-warmup, multi-step");
    assertThat(tables.read(JSON.readTree("{kind: 'cosine'}"), LrSchedule.class, "lr"))
        .isEqualTo(new LrSchedule.Cosine(null));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{kind: 'cosine', total: 0}", "{kind: 'linear-warmup', warmup: 0, total: 0}"})
  void aScheduleThatEndsBeforeItBeginsIsRefusedAndNotRunToNaN(String table)
      throws JsonProcessingException {
    var json = JSON.readTree(table);
    assertThatThrownBy(() -> tables.read(json, LrSchedule.class, "schedule.lr"))
        .hasMessage("schedule.lr.total: must be > 0, got 0.0");
  }

  @Test
  void refusesTwoTypesOfOneName() {
    Set<Kind> twice =
        Set.of(
            new Kind(Optimizer.class, "sgd", Sgd.class),
            new Kind(Optimizer.class, "sgd", org.dualoptim.core.optim.Lion.class));
    assertThatThrownBy(() -> new Tables(twice))
        .hasMessage("two types of Optimizer are called \"sgd\"");
  }
}
