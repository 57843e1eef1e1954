package org.dualoptim.vision;

import java.util.List;
import java.util.Map;
import org.dualoptim.core.image.Augmentation;
import org.dualoptim.core.image.ImageSource;
import org.dualoptim.core.image.SplitSpec;
import org.dualoptim.core.optim.Objective;
import org.dualoptim.core.optim.UnlearningOptimizer;
import org.dualoptim.core.recipe.Check;
import org.dualoptim.core.recipe.MayBeAbsent;
import org.dualoptim.core.unlearn.Schedule;
import org.dualoptim.core.unlearn.UnlearningLoop;
import org.dualoptim.vision.method.VisionMethod;
import org.dualoptim.vision.model.Architecture;

/**
 * A vision recipe, resolved: every hyperparameter of one trial.
 *
 * @param domain {@code vision}
 * @param title the row's name in tables
 * @param paper the row of the paper it stands for; absent if none
 * @param seed the trial's seed: splits, order, augmentation, random labels
 * @param model the network
 * @param data images, their split and how they are batched
 * @param method what is done to the network
 * @param schedule how long, in which order, and the learning-rate schedule
 * @param optimizer which state each objective's gradient meets
 * @param transforms the order of a part's gradient transforms by objective, where it differs from
 *     the method's
 * @param evaluation what is measured
 */
record VisionRecipe(
    String domain,
    String title,
    @MayBeAbsent Paper paper,
    long seed,
    Model model,
    Data data,
    VisionMethod method,
    Schedule schedule,
    UnlearningOptimizer optimizer,
    @MayBeAbsent Map<Objective, List<String>> transforms,
    Evaluation evaluation) {

  VisionRecipe {
    Check.require(seed >= 1 && seed <= 0xffffffffL, "seed", "in [1, 4294967295]", seed);
    UnlearningLoop.requireFit(method.objectives(), schedule, optimizer);
  }

  /**
   * Where the paper prints this row.
   *
   * @param table e.g. {@code 1a}
   * @param row e.g. {@code SFRon+DO}
   */
  record Paper(String table, String row) {}

  /**
   * @param initSeed draws the initial values, where the run does not start from a trial's weights
   * @param architecture the network
   */
  record Model(long initSeed, Architecture architecture) {}

  /**
   * @param batchSize samples a step
   * @param augmentation of training batches
   * @param source where the images come from
   * @param split which of them are trained on, held out and forgotten
   */
  record Data(int batchSize, Augmentation augmentation, ImageSource source, SplitSpec split) {
    Data {
      Check.atLeast("batch_size", 1, batchSize);
    }
  }

  /**
   * @param points how often the metrics are taken along the run, evenly spaced, the end included; 1
   *     for the end only
   */
  record Evaluation(int points) {
    Evaluation {
      Check.atLeast("points", 1, points);
    }
  }

  /** The order of transforms by objective; empty where it is the method's. */
  Map<Objective, List<String>> transformOrder() {
    return transforms == null ? Map.of() : transforms;
  }
}
