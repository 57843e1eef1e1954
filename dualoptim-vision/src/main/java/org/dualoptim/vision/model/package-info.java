/**
 * Networks that classify images, with the names of their reference implementations and of published
 * checkpoints. Depends on core's arrays and files only.
 */
package org.dualoptim.vision.model;
