/**
 * Networks that classify images, with the names of their reference implementations. Depends on
 * core's arrays only.
 */
package org.dualoptim.vision.model;
