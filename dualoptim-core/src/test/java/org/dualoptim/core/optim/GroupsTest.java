package org.dualoptim.core.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.dualoptim.core.recipe.RecipeException;
import org.dualoptim.core.tensor.Parameters;
import org.dualoptim.core.tensor.Role;
import org.dualoptim.core.tensor.Scope;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GroupsTest {
  /** Language models: no decay of norms and biases. */
  private static final String TABLE =
      "{kind: 'groups', groups: ["
          + "{roles: ['input', 'hidden', 'output'], optimizer: {kind: 'adamw', lr: 0.1, betas: [0.9, 0.999], eps: 1e-8, weight_decay: 0.5}},"
          + "{roles: ['norm', 'bias'], optimizer: {kind: 'adamw', lr: 0.2, betas: [0.9, 0.999], eps: 1e-8, weight_decay: 0}}]}";

  private final NDManager manager = NDManager.newBaseManager("PyTorch");

  @AfterEach
  void close() {
    manager.close();
  }

  private Parameters parameters() {
    return Parameters.of(
        List.of(entry("norm", Role.NORM), entry("weight", Role.HIDDEN), entry("bias", Role.BIAS)));
  }

  private Parameters.Entry entry(String name, Role role) {
    return new Parameters.Entry(name, manager.full(new Shape(2), 4f), role);
  }

  private static NDList gradients(Parameters parameters, float value) {
    NDList gradients = new NDList();
    for (NDArray array : parameters.arrays()) {
      gradients.add(array.getManager().full(array.getShape(), value));
    }
    return gradients;
  }

  @Test
  void everyGroupStepsItsOwnArraysByItsOwnRule() {
    Parameters parameters = parameters();
    try (Scope scope = Scope.detached(manager)) {
      Optimizer optimizer = OptimizerTables.plain(TABLE);
      OptimizerState state = optimizer.init(parameters, manager);
      // halved by a schedule: 0.05 and 0.1; Adam's first step has length lr
      optimizer.step(parameters, gradients(parameters, 1), state, 0.05);

      assertThat(state.save().keySet())
          .contains("group0/exp_avg/weight", "group1/exp_avg/norm", "group1/exp_avg/bias")
          .doesNotContain("group0/exp_avg/norm");
    }
    assertThat(parameters.byName().get("weight").getFloat(0))
        .isEqualTo(4 * (1 - 0.05f * 0.5f) - 0.05f);
    assertThat(parameters.byName().get("norm").getFloat(0)).isEqualTo(3.9f);
    assertThat(parameters.byName().get("bias").getFloat(0)).isEqualTo(3.9f);
  }

  @Test
  void anArrayThatNoGroupNamesIsNotLeftUntrainedInSilence() {
    Parameters parameters =
        Parameters.of(List.of(entry("weight", Role.HIDDEN), entry("head", Role.OUTPUT)));
    Groups groups =
        new Groups(
            List.of(new Groups.Group(java.util.Set.of(Role.HIDDEN), new Sgd(0.1, 0, 0, false))));

    assertThatThrownBy(() -> groups.init(parameters, manager))
        .hasMessage("parameter head has the role output, which no group of the optimizer names");
  }

  @Test
  void aRoleInTwoGroupsIsAMistakeOfTheRecipe() {
    String twice = TABLE.replace("'norm', 'bias'", "'norm', 'hidden'");
    assertThatThrownBy(() -> OptimizerTables.plain(twice))
        .isInstanceOf(RecipeException.class)
        .hasMessage("optimizer.groups: must have each role once, got hidden twice");
  }
}
