package org.dualoptim.core.data;

import ai.djl.ndarray.NDManager;
import java.util.function.BiFunction;

/**
 * The batches of one objective as a pure function of (pass, index): the same arguments give the
 * same batch, in any order and from any thread. Shuffling and augmentation are drawn from {@link
 * Draws}, so nothing has to be remembered to resume.
 *
 * @param <B> what a loss reads, usually a record of arrays
 */
public interface Batches<B> {

  /** How many batches one pass over the data has. */
  int perPass();

  /**
   * Makes one batch. Called on a loading thread while another step runs.
   *
   * @param pass which pass over the data, from 0
   * @param index which batch of that pass, {@code 0 <= index < perPass()}
   * @param manager owns the batch's arrays; the loop closes it after the step
   */
  B load(int pass, int index, NDManager manager);

  /**
   * What this batch counts for when several are accumulated into one step: its number of samples,
   * if the loss is a mean over samples. Batches that all count the same may leave it at 1.
   */
  default double weight(int index) {
    return 1;
  }

  /** The batch at a position that counts on through the passes. */
  default B at(long position, NDManager manager) {
    return load((int) (position / perPass()), (int) (position % perPass()), manager);
  }

  /**
   * The same batches for a pass that is read directly, not through the loop, which asks by itself
   * whether to go on.
   *
   * @param question asked before a batch is made; what it throws ends the pass
   */
  default Batches<B> asking(Runnable question) {
    Batches<B> batches = this;
    return new Batches<>() {
      @Override
      public int perPass() {
        return batches.perPass();
      }

      @Override
      public B load(int pass, int index, NDManager manager) {
        question.run();
        return batches.load(pass, index, manager);
      }

      @Override
      public double weight(int index) {
        return batches.weight(index);
      }
    };
  }

  /**
   * The same batches, each counting as much as any other: what accumulates means over tokens, as
   * trainers of language models do.
   */
  default Batches<B> countingAlike() {
    Batches<B> batches = this;
    return new Batches<>() {
      @Override
      public int perPass() {
        return batches.perPass();
      }

      @Override
      public B load(int pass, int index, NDManager manager) {
        return batches.load(pass, index, manager);
      }
    };
  }

  /**
   * Two sources read side by side, each at its own pass length: the batch at position k joins both
   * batches at position k. A pass is as long as the first source's.
   */
  static <A, C, B> Batches<B> zip(Batches<A> first, Batches<C> second, BiFunction<A, C, B> join) {
    return new Batches<>() {
      @Override
      public int perPass() {
        return first.perPass();
      }

      @Override
      public B load(int pass, int index, NDManager manager) {
        long position = (long) pass * first.perPass() + index;
        return join.apply(first.load(pass, index, manager), second.at(position, manager));
      }

      @Override
      public double weight(int index) {
        return first.weight(index);
      }
    };
  }
}
