package org.dualoptim.vision.data;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.io.IOException;

/** Where images come from: the {@code source} table of a recipe's {@code [data]}. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Shapes.class, name = Shapes.ID),
  @JsonSubTypes.Type(value = Cifar10.class, name = Cifar10.ID),
  @JsonSubTypes.Type(value = Cifar100.class, name = Cifar100.ID),
  @JsonSubTypes.Type(value = ImageFolder.class, name = ImageFolder.ID)
})
public sealed interface ImageSource permits Shapes, Cifar10, Cifar100, ImageFolder {

  /** The {@code kind} in a recipe. */
  String id();

  /**
   * Reads or draws everything into memory.
   *
   * @param roots where files are looked for; a source that draws its images ignores it
   * @throws org.dualoptim.core.run.DataMissingException if nothing is there
   * @throws IOException if something is there and cannot be used; one sentence that names the file
   */
  ImageData load(DataRoots roots) throws IOException;
}
