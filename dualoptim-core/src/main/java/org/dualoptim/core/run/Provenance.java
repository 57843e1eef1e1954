package org.dualoptim.core.run;

import com.fasterxml.jackson.annotation.JsonAlias;

/**
 * What made a result.
 *
 * @param hash SHA-256 of resolved recipe, data and parents
 * @param data what identifies the data that was read: row counts and a digest; null in results of
 *     versions that did not say
 * @param version this library's version
 * @param commit the source's commit, or {@code unknown} outside a checkout
 * @param java version of the JVM
 * @param engine engine and its version
 * @param device where tensors lived
 * @param threads threads of the engine
 * @param os system and architecture
 * @param started ISO time of its beginning, or of its last resumption
 * @param wallSeconds from start to result, the parts of a resumed run added up
 * @param trainSeconds of these, prepare phase and loop
 * @param steps steps of the loop
 * @param peakRssMib largest resident memory of the process during the trial in MiB, or -1 where the
 *     system does not tell; also read as {@code peak_rss_mb}
 * @param resumed how often the run was resumed
 */
public record Provenance(
    String hash,
    String data,
    String version,
    String commit,
    String java,
    String engine,
    String device,
    int threads,
    String os,
    String started,
    double wallSeconds,
    double trainSeconds,
    int steps,
    @JsonAlias("peak_rss_mb") long peakRssMib,
    int resumed) {}
