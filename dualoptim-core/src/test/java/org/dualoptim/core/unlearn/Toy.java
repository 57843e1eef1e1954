package org.dualoptim.core.unlearn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.dualoptim.core.data.Batches;
import org.dualoptim.core.data.Draws;
import org.dualoptim.core.optim.AdamW;
import org.dualoptim.core.optim.Betas;
import org.dualoptim.core.optim.LrSchedule;
import org.dualoptim.core.optim.Sgd;
import org.dualoptim.core.optim.UnlearningOptimizer;
import org.dualoptim.core.tensor.Parameters;
import org.dualoptim.core.tensor.Role;

/** A few weights [D] and rows [N, D] they are drawn to: gradients are known by heart. */
final class Toy implements AutoCloseable {
  static final int WIDTH = 4;
  static final LrSchedule CONSTANT = new LrSchedule.Constant();

  final NDManager manager = NDManager.newBaseManager("PyTorch");
  private final List<Parameters.Entry> entries = new ArrayList<>();

  /** A model with one vector {@code w}. */
  static Toy of(float... start) {
    Toy toy = new Toy();
    toy.add("w", Role.HIDDEN, new Shape(start.length), start);
    return toy;
  }

  NDArray add(String name, Role role, Shape shape, float... values) {
    NDArray array = manager.create(values, shape);
    array.setRequiresGradient(role != Role.BUFFER);
    entries.add(new Parameters.Entry(name, array, role));
    return array;
  }

  NDArray array(String name) {
    return parameters().byName().get(name);
  }

  Parameters parameters() {
    return Parameters.of(entries);
  }

  float[] values() {
    return array("w").toFloatArray();
  }

  LoopState start(UnlearningOptimizer optimizer) {
    return LoopState.start(parameters(), optimizer, manager);
  }

  /** {@code mean over rows of ||w - row||^2 / 2}, so the gradient is {@code w - mean(rows)}. */
  Loss<NDArray> distance() {
    return (rows, moment) -> array("w").sub(rows).square().sum().mul(0.5f / rows.getShape().get(0));
  }

  /** Batches of so many rows each, drawn from (stream, pass, index); each counts for its rows. */
  static Batches<NDArray> rows(String stream, int... sizes) {
    return new Batches<>() {
      @Override
      public int perPass() {
        return sizes.length;
      }

      @Override
      public NDArray load(int pass, int index, NDManager manager) {
        RandomGenerator random = new Draws(1).at(stream, pass, index);
        float[] values = new float[sizes[index] * WIDTH];
        for (int i = 0; i < values.length; i++) {
          values[i] = random.nextFloat() - 0.5f;
        }
        return manager.create(values, new Shape(sizes[index], WIDTH));
      }

      @Override
      public double weight(int index) {
        return sizes[index];
      }
    };
  }

  /** Batches that each hold one given vector. */
  static Batches<NDArray> vectors(float[]... vectors) {
    return new Batches<>() {
      @Override
      public int perPass() {
        return vectors.length;
      }

      @Override
      public NDArray load(int pass, int index, NDManager manager) {
        return manager.create(vectors[index], new Shape(1, vectors[index].length));
      }
    };
  }

  static Sgd sgd(double lr) {
    return new Sgd(lr, 0, 0, null);
  }

  static Sgd momentum(double lr) {
    return new Sgd(lr, 0.9, 0, null);
  }

  static AdamW adamw(double lr) {
    return new AdamW(lr, new Betas(0.9, 0.999), 1e-8, 0.01, null);
  }

  static Schedule.Steps steps(int forget, int retain, int cycles) {
    return new Schedule.Steps(forget, retain, null, cycles, Schedule.Clock.UPDATE, CONSTANT);
  }

  @Override
  public void close() {
    manager.close();
  }
}
