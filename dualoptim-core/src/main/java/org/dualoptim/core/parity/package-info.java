/**
 * Parity cases: files that hold inputs and the outputs that a reference implementation produced,
 * and the runner that recomputes and compares them. Each module contributes what it can recompute
 * as a {@link org.dualoptim.core.parity.ParityKind}. Depends on {@link org.dualoptim.core.io} only.
 */
package org.dualoptim.core.parity;
