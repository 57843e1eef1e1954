/**
 * Recipes: files of hyperparameters, how they build on each other and what may be overridden, and
 * how their tables become records, and the rules that those obey. What is wrong with one is said in
 * a sentence that names the key. Depends on Jackson only.
 */
package org.dualoptim.core.recipe;
