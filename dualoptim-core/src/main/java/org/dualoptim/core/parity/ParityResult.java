package org.dualoptim.core.parity;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What became of one case.
 *
 * @param kind of the case; {@code ?} if the file could not be read that far
 * @param name of the file without its ending; below a folder that was searched, its path there
 * @param passed whether every output is within its limit
 * @param maxAbs largest {@code |got - want|} over all outputs; infinite where only one of them is
 *     NaN or infinite; NaN if nothing was compared
 * @param maxRel largest {@code |got - want| / max(|want|, 1e-12)}, likewise
 * @param limit what was allowed for the output that came closest to its limit or went furthest
 *     beyond it
 * @param millis wall time of the computation alone
 * @param reason why it failed, in one sentence; empty if it passed
 * @param file the case
 */
public record ParityResult(
    String kind,
    String name,
    boolean passed,
    double maxAbs,
    double maxRel,
    String limit,
    double millis,
    Optional<String> reason,
    Path file) {

  /** The same, named by its path in a folder. */
  ParityResult within(Path folder) {
    Path place = folder.relativize(file).resolveSibling(ParityCase.nameOf(file));
    String path = place.toString().replace(place.getFileSystem().getSeparator(), "/");
    return new ParityResult(kind, path, passed, maxAbs, maxRel, limit, millis, reason, file);
  }

  /** A case that failed before its outputs could be compared. */
  static ParityResult failure(String kind, Path file, double millis, String reason) {
    return new ParityResult(
        kind,
        ParityCase.nameOf(file),
        false,
        Double.NaN,
        Double.NaN,
        "-",
        millis,
        Optional.of(reason),
        file);
  }
}
