/**
 * Parity cases: files that hold inputs and the outputs that a reference implementation produced,
 * and the runner that recomputes and compares them. Each module contributes what it can recompute
 * as a {@link org.dualoptim.core.parity.ParityKind}, and the networks it can rebuild as a {@link
 * org.dualoptim.core.parity.ModelCase}. Depends on {@code io} and {@code tensor}, and knows the
 * error that {@code run} reports bad tables with.
 */
package org.dualoptim.core.parity;
