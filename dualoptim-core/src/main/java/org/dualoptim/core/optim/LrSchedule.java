package org.dualoptim.core.optim;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import org.dualoptim.core.recipe.Check;

/**
 * What every learning rate is multiplied by at a time of the plan's clock (retain iteration, update
 * or epoch), counted from 0.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
public interface LrSchedule {

  /**
   * @param time on the plan's clock, from 0
   * @param length the plan's length on the same clock, which an absent {@code total} stands for
   */
  double factor(double time, double length);

  /** Always 1. */
  record Constant() implements LrSchedule {
    @Override
    public double factor(double time, double length) {
      return 1;
    }
  }

  /**
   * {@code (1 + cos(pi * time / total)) / 2}: from 1 down to 0 at {@code total} (torch's
   * CosineAnnealingLR with eta_min 0).
   *
   * @param total where it ends; absent means the length of the run
   */
  record Cosine(Double total) implements LrSchedule {
    public Cosine {
      Check.positive("total", total);
    }

    @Override
    public double factor(double time, double length) {
      return (1 + Math.cos(Math.PI * time / (total == null ? length : total))) / 2;
    }
  }

  /**
   * {@code gamma} to the number of milestones passed (torch's MultiStepLR).
   *
   * @param milestones times from which one more {@code gamma} applies
   * @param gamma factor per milestone
   */
  record MultiStep(List<Double> milestones, double gamma) implements LrSchedule {
    public MultiStep {
      milestones = List.copyOf(milestones);
      Check.finite("milestones", milestones);
      Check.nonNegative("gamma", gamma);
    }

    @Override
    public double factor(double time, double length) {
      return Math.pow(gamma, milestones.stream().filter(milestone -> time >= milestone).count());
    }
  }

  /**
   * {@code time / warmup} before {@code warmup}, then linearly down to 0 at {@code total}
   * (transformers' linear schedule with warm-up).
   *
   * @param warmup times of the rise; 0 for none
   * @param total where it ends; absent means the length of the run
   */
  record LinearWarmup(double warmup, Double total) implements LrSchedule {
    public LinearWarmup {
      Check.nonNegative("warmup", warmup);
      Check.positive("total", total);
    }

    @Override
    public double factor(double time, double length) {
      double end = total == null ? length : total;
      return time < warmup
          ? time / Math.max(1, warmup)
          : Math.max(0, (end - time) / Math.max(1, end - warmup));
    }
  }
}
