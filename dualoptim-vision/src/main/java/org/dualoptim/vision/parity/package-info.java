/**
 * The parity kinds of image classifiers, which run the domain's own networks, losses, methods and
 * loop on recorded inputs. Depends on {@code model} and {@code method}.
 */
package org.dualoptim.vision.parity;
