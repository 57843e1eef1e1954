/** The Guice module of the core: what the packages below contribute to recipes and to parity checks. It may depend on all of them. */
package org.dualoptim.core;
