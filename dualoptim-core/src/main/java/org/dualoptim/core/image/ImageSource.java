package org.dualoptim.core.image;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.io.IOException;

/** Where images come from: the {@code source} table of a recipe's {@code [data]}. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
public interface ImageSource {

  /**
   * Reads or draws everything into memory.
   *
   * @param roots where files are looked for; a source that draws its images ignores it
   * @throws org.dualoptim.core.run.DataMissingException if nothing is there
   * @throws IOException if something is there and cannot be used; one sentence that names the file
   */
  ImageData load(DataRoots roots) throws IOException;
}
