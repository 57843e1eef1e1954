package org.dualoptim.core.optim;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.inject.Guice;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.dualoptim.core.CoreModule;
import org.dualoptim.core.recipe.Tables;
import org.dualoptim.core.tensor.Parameters;
import org.dualoptim.core.tensor.Role;

/** One table of every kind, as a recipe would write it, and small parameters to step. */
final class OptimizerTables {
  static final Tables TABLES = Guice.createInjector(new CoreModule()).getInstance(Tables.class);

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(JsonReadFeature.ALLOW_SINGLE_QUOTES, JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES)
          .build();

  private static final String ADAMW =
      "{kind: 'adamw', lr: 0.05, betas: [0.9, 0.99], eps: 1e-8, weight_decay: 0.001}";
  private static final String SGD = "{kind: 'sgd', lr: 0.1, momentum: 0.9, weight_decay: 0.001}";
  private static final String MOMENTS = "betas: [0.9, 0.99], eps: 1e-8, weight_decay: 0.001";
  private static final String RATES = "lr_forget: 0.05, lr_retain: 0.04, " + MOMENTS;
  private static final String EIGHT = "block_size: 16, min_8bit_size: 20";

  private static final List<String> PLAIN =
      List.of(
          SGD,
          "{kind: 'sgd', lr: 0.1, momentum: 0.0, weight_decay: 0.001}",
          "{kind: 'sgd', lr: 0.1, momentum: 0.9, weight_decay: 0.001, nesterov: true}",
          "{kind: 'adam', lr: 0.05, " + MOMENTS + "}",
          ADAMW,
          "{kind: 'adamw', lr: 0.05, decay: 'after', " + MOMENTS + "}",
          "{kind: 'lion', lr: 0.06, betas: [0.9, 0.99], weight_decay: 0.001}",
          "{kind: 'muon', lr: 0.1, momentum: 0.9, weight_decay: 0.0, ns_steps: 5, nesterov: true, fallback: "
              + ADAMW
              + "}",
          "{kind: 'adamw-8bit', lr: 0.05, " + MOMENTS + ", " + EIGHT + "}");

  private static final List<String> BY_OBJECTIVE =
      List.of(
          "{kind: 'dual', forget: " + ADAMW + ", retain: " + SGD + "}",
          "{kind: 'decoupled-adamw', decouple_m: true, decouple_v: false, semantics: 'exact', "
              + RATES
              + "}",
          "{kind: 'decoupled-adamw', decouple_m: true, decouple_v: true, semantics: 'as-published', "
              + RATES
              + "}",
          "{kind: 'hybrid-adam-sgd', lr_adam: 0.05, lr_sgd: 0.1, " + MOMENTS + "}",
          "{kind: 'dual-plus', base_betas: [0.9, 0.95], states: 'fp32', v_floor: 0.1, "
              + RATES
              + "}",
          "{kind: 'dual-plus', base_betas: [0.9, 0.95], states: '8bit', v_floor: 0.1, "
              + EIGHT
              + ", "
              + RATES
              + "}",
          "{kind: 'dual-adam-llm', " + RATES + "}");

  private OptimizerTables() {}

  /** Every table; plain ones as the one optimizer of both objectives. */
  static Stream<String> all() {
    return Stream.concat(
        PLAIN.stream().map(table -> "{kind: 'shared', optimizer: " + table + "}"),
        BY_OBJECTIVE.stream());
  }

  static UnlearningOptimizer read(String table) {
    return TABLES.read(json(table), UnlearningOptimizer.class, "optimizer");
  }

  static Optimizer plain(String table) {
    return TABLES.read(json(table), Optimizer.class, "optimizer");
  }

  static JsonNode json(String table) {
    try {
      return JSON.readTree(table);
    } catch (JsonProcessingException wrong) {
      throw new IllegalArgumentException(table, wrong);
    }
  }

  /** A matrix, a bias and a convolution kernel. */
  static Parameters parameters(NDManager manager) {
    NDList arrays = arrays(manager, 1);
    List<Parameters.Entry> entries = new ArrayList<>();
    for (NDArray array : arrays) {
      Role role = array.getShape().dimension() > 1 ? Role.HIDDEN : Role.BIAS;
      entries.add(new Parameters.Entry("layer" + entries.size() + ".weight", array, role));
    }
    return Parameters.of(entries);
  }

  /** Normal numbers in the shapes of {@link #parameters}. */
  static NDList arrays(NDManager manager, long seed) {
    Random random = new Random(seed);
    NDList arrays = new NDList();
    for (Shape shape : List.of(new Shape(7, 5), new Shape(7), new Shape(4, 3, 3, 3))) {
      float[] values = new float[(int) shape.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) random.nextGaussian();
      }
      arrays.add(manager.create(values, shape));
    }
    return arrays;
  }

  static List<float[]> values(NDList arrays) {
    return arrays.stream().map(array -> array.flatten().toFloatArray()).toList();
  }
}
