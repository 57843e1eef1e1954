package org.dualoptim.core.optim;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.dualoptim.core.recipe.Check;
import org.dualoptim.core.tensor.Parameters;
import org.dualoptim.core.tensor.Role;

/**
 * An optimizer for each group of arrays, as torch's parameter groups: no weight decay on norms and
 * biases, 32 bits for embeddings.
 *
 * @param groups by the roles of their arrays. Every trained array has one group; a group without
 *     arrays is left out. The first group's rate is {@link #lr}, and the others follow it when a
 *     schedule or an objective changes that
 */
public record Groups(List<Group> groups) implements Optimizer {

  /**
   * One group.
   *
   * @param roles whose arrays it steps
   * @param optimizer how
   */
  public record Group(Set<Role> roles, Optimizer optimizer) {

    public Group {
      Check.present("optimizer", optimizer);
      Check.present("roles", roles);
      Check.require(!roles.isEmpty(), "roles", "a list of at least one", roles);
      roles = Collections.unmodifiableSet(EnumSet.copyOf(roles));
    }

    private boolean takes(Parameters.Entry entry) {
      return roles.contains(entry.role());
    }
  }

  public Groups {
    Check.present("groups", groups);
    groups = List.copyOf(groups);
    Check.require(!groups.isEmpty(), "groups", "a list of at least one", groups);
    Check.positive("groups[0].optimizer.lr", groups.get(0).optimizer().lr());
    Set<Role> seen = EnumSet.noneOf(Role.class);
    for (Group group : groups) {
      for (Role role : group.roles()) {
        if (!seen.add(role)) {
          throw new IllegalArgumentException(
              "groups must have each role once, got " + role.id() + " twice");
        }
      }
    }
  }

  @Override
  public double lr() {
    return groups.get(0).optimizer().lr();
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if an array has a role that no group names
   */
  @Override
  public OptimizerState init(Parameters parameters, NDManager owner) {
    for (Parameters.Entry entry : parameters.entries()) {
      if (groups.stream().noneMatch(group -> group.takes(entry))) {
        throw new IllegalArgumentException(
            "parameter "
                + entry.name()
                + " has the role "
                + entry.role().id()
                + ", which no group of the optimizer names");
      }
    }
    OptimizerState state = new OptimizerState(parameters);
    for (int i = 0; i < groups.size(); i++) {
      Subset own = Subset.of(parameters, groups.get(i)::takes);
      if (own.parameters().size() > 0) {
        state.part(name(i), groups.get(i).optimizer().init(own.parameters(), owner));
      }
    }
    return state;
  }

  @Override
  public void step(Parameters parameters, NDList gradients, OptimizerState state, double lr) {
    for (int i = 0; i < groups.size(); i++) {
      Subset own = Subset.of(parameters, groups.get(i)::takes);
      if (own.parameters().size() > 0) {
        Optimizer optimizer = groups.get(i).optimizer();
        optimizer.step(
            own.parameters(), own.of(gradients), state.part(name(i)), optimizer.lr() * (lr / lr()));
      }
    }
  }

  private static String name(int group) {
    return "group" + group;
  }
}
