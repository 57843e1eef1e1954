package org.dualoptim.core.tensor;

import ai.djl.nn.Block;

/** A network that knows the names its reference implementation gives to its arrays. */
public interface NamedBlock extends Block {

  /** All arrays in the reference's state-dict order; the block must be initialised. */
  Parameters parameters();

  /** The parameters of any block: under reference names if it has them, else under DJL's. */
  static Parameters of(Block block) {
    return block instanceof NamedBlock named ? named.parameters() : Parameters.of(block);
  }
}
