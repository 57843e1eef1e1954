/**
 * Numbers as people read them: tables for terminal, Markdown, LaTeX and CSV, line plots and image
 * grids as PNG, and {@link org.dualoptim.eval.report.TrialReport}, which makes them of trials; a
 * domain tells it by a {@link org.dualoptim.eval.report.ReportForm} what to show. Tables, plots and
 * grids are immutable values that know how to render themselves; they know no metric, no model and
 * no recipe. Depends on commons-csv, XChart and Java2D. Drawing needs no display, but a main should
 * set {@code java.awt.headless=true} before the first picture, lest Java2D look for one.
 */
package org.dualoptim.eval.report;
