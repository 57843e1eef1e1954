package org.dualoptim.core.unlearn;

import ai.djl.ndarray.BaseNDManager;
import ai.djl.ndarray.NDManager;
import java.lang.reflect.Field;
import java.util.Map;

/**
 * How many native arrays and managers hang below a manager; DJL tells of arrays directly below
 * only.
 */
final class Handles {
  private Handles() {}

  static int below(NDManager manager) {
    try {
      int count = 0;
      for (String name : new String[] {"resources", "tempResources"}) {
        Field field = BaseNDManager.class.getDeclaredField(name);
        field.setAccessible(true);
        for (Object resource : ((Map<?, ?>) field.get(manager)).values()) {
          count += 1 + (resource instanceof NDManager below ? below(below) : 0);
        }
      }
      return count;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("DJL's manager has changed", e);
    }
  }
}
