/**
 * Numbers as people read them: tables for terminal, Markdown, LaTeX and CSV, line plots and image
 * grids as PNG. Everything here is an immutable value that knows how to render itself; it knows no
 * metric, no model and no recipe. Depends on commons-csv, XChart and Java2D. Drawing needs no
 * display, but a main should set {@code java.awt.headless=true} before the first picture, lest
 * Java2D look for one.
 */
package org.dualoptim.eval.report;
