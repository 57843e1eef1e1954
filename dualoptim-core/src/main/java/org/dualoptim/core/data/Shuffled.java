package org.dualoptim.core.data;

import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import org.dualoptim.core.recipe.Check;

/**
 * Rows of a data set in a new random order at every pass, cut into batches, the last one as small
 * as it comes; a batch counts for its rows.
 *
 * @param <B> what a loss reads
 */
public final class Shuffled<B> implements Batches<B> {

  /**
   * Makes a batch of some rows.
   *
   * @param <B> the batch
   */
  @FunctionalInterface
  public interface Rows<B> {

    /**
     * Called on a loading thread.
     *
     * @param rows numbers of rows, in the order of the batch
     * @param pass which pass over the data, from 0
     * @param index which batch of that pass, for what is drawn once a batch
     * @param manager owns the batch's arrays
     */
    B load(int[] rows, int pass, int index, NDManager manager);
  }

  /** A pass and its order, kept because consecutive batches share it. */
  private record Order(int pass, int[] rows) {}

  private final int count;
  private final int size;
  private final Draws draws;
  private final String stream;
  private final Rows<B> rows;
  private volatile Order latest = new Order(-1, null);

  /**
   * @param count how many rows there are
   * @param size rows a batch
   * @param stream keeps the orders apart from other draws
   */
  public Shuffled(int count, int size, Draws draws, String stream, Rows<B> rows) {
    Check.atLeast("batch_size", 1, size);
    this.count = count;
    this.size = size;
    this.draws = draws;
    this.stream = stream;
    this.rows = rows;
  }

  @Override
  public int perPass() {
    return (int) (((long) count + size - 1) / size);
  }

  @Override
  public double weight(int index) {
    return Math.min(size, count - index * size);
  }

  @Override
  public B load(int pass, int index, NDManager manager) {
    int from = index * size;
    int[] batch = Arrays.copyOfRange(order(pass), from, from + (int) weight(index));
    return rows.load(batch, pass, index, manager);
  }

  private int[] order(int pass) {
    Order order = latest;
    if (order.pass() != pass) {
      order = new Order(pass, draws.permutation(stream, pass, count));
      latest = order;
    }
    return order.rows();
  }
}
