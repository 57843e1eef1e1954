/**
 * Arrays: the op library that opens libtorch to Java, the lifetime of arrays and grad mode, and the
 * named parameters of a model. Depends on nothing else in the project; only here is the engine's
 * native interface touched.
 */
package org.dualoptim.core.tensor;
