/**
 * Files: tensors in host memory, the safetensors and torch checkpoint formats they come from and go
 * to, and writing that never leaves half a file. Everything read here is treated as hostile: sizes
 * are checked against the file before memory is taken, names never leave their folder, and no code
 * is run. Depends on nothing else in the project; {@link org.dualoptim.core.io.HostTensor} is the
 * only class that meets the engine.
 */
package org.dualoptim.core.io;
