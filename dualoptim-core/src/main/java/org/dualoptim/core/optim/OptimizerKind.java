package org.dualoptim.core.optim;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dualoptim.core.io.HostTensor;
import org.dualoptim.core.parity.ParityCase;
import org.dualoptim.core.parity.ParityException;
import org.dualoptim.core.parity.ParityKind;
import org.dualoptim.core.recipe.Tables;
import org.dualoptim.core.tensor.Parameters;
import org.dualoptim.core.tensor.Role;
import org.dualoptim.core.tensor.Scope;

/**
 * The parity kind {@code optimizer}: a trajectory of an optimizer table over recorded gradients. A
 * table of a plain optimizer means one that both objectives share. Arrays of two or more dimensions
 * count as hidden matrices, others as biases.
 */
public final class OptimizerKind implements ParityKind {
  private final Tables tables;

  @Inject
  OptimizerKind(Tables tables) {
    this.tables = tables;
  }

  @Override
  public String id() {
    return "optimizer";
  }

  @Override
  public Map<String, HostTensor> compute(ParityCase c) {
    UnlearningOptimizer optimizer = read(tables, c.config().path("optimizer"));
    List<Objective> schedule = schedule(c);
    double[] factors = factors(c, schedule.size());
    Map<String, HostTensor> outputs = new LinkedHashMap<>();
    try (NDManager manager = NDManager.newBaseManager("PyTorch");
        Scope scope = Scope.detached(manager)) {
      Parameters parameters = parameters(c, scope.manager());
      OptimizerState state = optimizer.init(parameters, scope.manager());
      for (int k = 0; k < schedule.size(); k++) {
        try (Scope step = Scope.detached(scope.manager())) {
          optimizer.step(
              schedule.get(k),
              parameters,
              gradients(c, k, parameters, step.manager()),
              state,
              factors[k]);
        }
        for (int i = 0; i < parameters.size(); i++) {
          String name = "param/" + k + "/" + i;
          if (c.wanted().contains(name)) {
            outputs.put(name, HostTensor.of(parameters.arrays().get(i)));
          }
        }
      }
    }
    return outputs;
  }

  /**
   * The optimizer of a case's table; a table of a plain optimizer means one that both objectives
   * share.
   */
  public static UnlearningOptimizer read(Tables tables, JsonNode table) {
    String kind = table.path("kind").asText();
    if (tables.knows(Optimizer.class, kind)) {
      return new Shared(tables.read(table, Optimizer.class, "optimizer"), null, null);
    }
    if (table.isObject() && !tables.knows(UnlearningOptimizer.class, kind)) {
      throw new ParityException(
          (table.has("kind")
                  ? "optimizer.kind: unknown kind " + table.path("kind")
                  : "optimizer.kind is missing")
              + "; known: "
              + Stream.of(Optimizer.class, UnlearningOptimizer.class)
                  .flatMap(family -> tables.known(family).stream())
                  .sorted()
                  .collect(Collectors.joining(", ")));
    }
    return tables.read(table, UnlearningOptimizer.class, "optimizer");
  }

  private static List<Objective> schedule(ParityCase c) {
    List<Objective> schedule = new ArrayList<>();
    for (JsonNode entry : c.config().path("schedule")) {
      schedule.add(
          switch (entry.asText()) {
            case "forget" -> Objective.FORGET;
            case "retain" -> Objective.RETAIN;
            default ->
                throw new ParityException(
                    "schedule["
                        + schedule.size()
                        + "] must be \"forget\" or \"retain\", got "
                        + entry);
          });
    }
    if (schedule.isEmpty()) {
      throw new ParityException("schedule must list \"forget\" or \"retain\" for each step");
    }
    return schedule;
  }

  private static double[] factors(ParityCase c, int steps) {
    JsonNode given = c.config().path("lr_factor");
    double[] factors = new double[steps];
    for (int k = 0; k < steps; k++) {
      factors[k] =
          given.isMissingNode() || given.isNull()
              ? 1
              : number(given.path(k), "lr_factor[" + k + "]");
    }
    return factors;
  }

  private static double number(JsonNode node, String where) {
    if (!node.isNumber()) {
      throw new ParityException(where + " must be a number for every step of the schedule");
    }
    return node.asDouble();
  }

  private static Parameters parameters(ParityCase c, NDManager manager) {
    List<Parameters.Entry> entries = new ArrayList<>();
    for (int i = 0; c.optionalIn("param/" + i).isPresent(); i++) {
      NDArray array = c.floats("param/" + i).toArray(manager);
      entries.add(
          new Parameters.Entry(
              Integer.toString(i),
              array,
              array.getShape().dimension() >= 2 ? Role.HIDDEN : Role.BIAS));
    }
    if (entries.isEmpty()) {
      c.in("param/0");
    }
    return Parameters.of(entries);
  }

  private static NDList gradients(
      ParityCase c, int step, Parameters parameters, NDManager manager) {
    NDList gradients = new NDList();
    for (int i = 0; i < parameters.size(); i++) {
      String name = "grad/" + step + "/" + i;
      NDArray gradient = c.floats(name).toArray(manager);
      if (!gradient.getShape().equals(parameters.arrays().get(i).getShape())) {
        throw new ParityException(
            "in/"
                + name
                + " has shape "
                + gradient.getShape()
                + ", its parameter "
                + parameters.arrays().get(i).getShape());
      }
      gradients.add(gradient);
    }
    return gradients;
  }
}
