package org.dualoptim.core.optim;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.inject.Inject;
import java.util.Map;
import org.dualoptim.core.io.HostTensor;
import org.dualoptim.core.parity.ParityCase;
import org.dualoptim.core.parity.ParityException;
import org.dualoptim.core.parity.ParityKind;
import org.dualoptim.core.recipe.Tables;

/**
 * The parity kind {@code lr-schedule}: the learning rates of steps 0, 1, ... of {@code schedule},
 * as many as the config's {@code steps} or, without, the schedule's {@code total}.
 */
public final class LrScheduleKind implements ParityKind {
  private final Tables tables;

  @Inject
  LrScheduleKind(Tables tables) {
    this.tables = tables;
  }

  @Override
  public String id() {
    return "lr-schedule";
  }

  @Override
  public Map<String, HostTensor> compute(ParityCase c) {
    JsonNode table = c.config().path("schedule");
    LrSchedule schedule = tables.read(table, LrSchedule.class, "schedule");
    double lr = c.number("lr");
    JsonNode steps = c.config().has("steps") ? c.config().path("steps") : table.path("total");
    double count = steps.asDouble();
    if (!steps.isNumber() || count != Math.rint(count) || count < 1) {
      throw new ParityException(
          "steps, or without it schedule.total, must be a whole number >= 1"
              + (steps.isMissingNode() ? ", but is missing" : ", got " + steps));
    }
    if (c.want("lr").numel() != count) { // before anything is allocated for the count
      throw new ParityException(
          "out/lr holds " + c.want("lr").numel() + " rates, but the schedule has " + steps);
    }
    float[] rates = new float[(int) count];
    for (int k = 0; k < rates.length; k++) {
      rates[k] = (float) (lr * schedule.factor(k, rates.length));
    }
    return Map.of("lr", HostTensor.of(rates, rates.length));
  }
}
