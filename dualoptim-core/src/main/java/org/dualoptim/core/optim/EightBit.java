package org.dualoptim.core.optim;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import org.dualoptim.core.tensor.Parameters;
import org.dualoptim.core.tensor.TorchOps;

/**
 * How a state is held in 8 bits: the elements of an array in C order, in blocks, one code of the
 * dynamic map (written in {@code ops.py}) each and one float32 magnitude a block, the largest of
 * the block. A slot {@code s} becomes two: {@code s}, the codes {@code [blocks, block_size]} with
 * the last block filled up, and {@code s_absmax}, {@code [blocks, 1]}. Arrays of fewer than {@code
 * minSize} elements stay float32 in their own shape, their magnitudes without elements.
 *
 * <p>Source: Dettmers et al. 2022 (arXiv 2110.02861), as bitsandbytes does it since 0.44.
 *
 * @param blockSize elements that share a magnitude
 * @param minSize the smallest number of elements that is quantised
 */
record EightBit(int blockSize, int minSize) {
  private static final String MAGNITUDES = "_absmax";

  /** Both of Adam's moments at zero, and the steps taken: {@link Moments#zero} in 8 bits. */
  OptimizerState moments(Parameters parameters, NDManager owner) {
    OptimizerState state = new OptimizerState(parameters);
    slot(state, Moments.M, parameters, owner);
    slot(state, Moments.V, parameters, owner);
    return state.counter(Moments.T);
  }

  private OptimizerState slot(
      OptimizerState state, String name, Parameters parameters, NDManager owner) {
    NDList codes = new NDList();
    NDList magnitudes = new NDList();
    for (NDArray array : parameters.arrays()) {
      if (array.size() < minSize) {
        codes.addAll(TorchOps.zerosLike(owner, new NDList(array)));
        magnitudes.add(owner.zeros(new Shape(0), DataType.FLOAT32, array.getDevice()));
      } else {
        long blocks = (array.size() + blockSize - 1) / blockSize;
        codes.add(owner.zeros(new Shape(blocks, blockSize), DataType.UINT8, array.getDevice()));
        magnitudes.add(owner.zeros(new Shape(blocks, 1), DataType.FLOAT32, array.getDevice()));
      }
    }
    return state.slot(name, codes).slot(name + MAGNITUDES, magnitudes);
  }

  static NDList magnitudes(OptimizerState state, String name) {
    return state.slot(name + MAGNITUDES);
  }
}
