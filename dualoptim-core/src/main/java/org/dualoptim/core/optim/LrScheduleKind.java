package org.dualoptim.core.optim;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.inject.Inject;
import java.util.Map;
import org.dualoptim.core.io.HostTensor;
import org.dualoptim.core.parity.ParityCase;
import org.dualoptim.core.parity.ParityException;
import org.dualoptim.core.parity.ParityKind;
import org.dualoptim.core.run.Tables;

/** The parity kind {@code lr-schedule}: the learning rates of steps 0, 1, ... of {@code schedule}, as many as its {@code total} or {@code steps}. */
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
    JsonNode steps = c.config().has("steps") ? c.config().path("steps") : table.path("total");
    JsonNode lr = c.config().path("lr");
    if (!steps.isNumber() || steps.asInt() < 1 || !lr.isNumber()) {
      throw new ParityException("the config needs a number lr, and steps or schedule.total >= 1");
    }
    float[] rates = new float[steps.asInt()];
    for (int k = 0; k < rates.length; k++) {
      rates[k] = (float) (lr.asDouble() * schedule.factor(k, rates.length));
    }
    return Map.of("lr", HostTensor.of(rates, rates.length));
  }
}
