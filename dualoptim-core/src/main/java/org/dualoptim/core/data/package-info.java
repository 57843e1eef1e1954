/**
 * Where data order and chance come from: generators that repeat NumPy's and PyTorch's streams bit for bit, and draws that are
 * pure functions of (seed, stream, pass, index). Depends on nothing but the JDK; its parity kinds also on {@code core.parity}.
 */
package org.dualoptim.core.data;
