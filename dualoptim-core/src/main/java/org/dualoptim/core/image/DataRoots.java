package org.dualoptim.core.image;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.dualoptim.core.run.DataMissingException;

/**
 * The folders under which data is looked up, in order. Usually one: {@code --data DIR}, else the
 * environment variable {@value #VARIABLE}.
 *
 * @param folders none if the user named none; sources that need files then say so
 */
public record DataRoots(List<Path> folders) {
  /** The environment variable that names the data folder. */
  public static final String VARIABLE = "DUALOPTIM_DATA";

  /** Copies the list. */
  public DataRoots {
    folders = List.copyOf(folders);
  }

  /**
   * The folder of the command line, else that of the environment, else none.
   *
   * @param data the value of {@code --data}, or null
   * @param environment usually {@code System.getenv()}
   */
  public static DataRoots of(Path data, Map<String, String> environment) {
    if (data != null) {
      return new DataRoots(List.of(data));
    }
    String named = environment.get(VARIABLE);
    return new DataRoots(named == null || named.isBlank() ? List.of() : List.of(Path.of(named)));
  }

  /**
   * The first place that holds a data set.
   *
   * @param places folders relative to a root, the usual one last; {@code ""} is the root itself
   * @param marker a file or folder that tells that the place is the right one
   * @param howToGet what to do when there is none, as the second half of a sentence
   * @return the folder, in which {@code marker} exists
   * @throws DataMissingException if no root has such a place; it names the usual place under the
   *     first root
   */
  Path find(List<String> places, String marker, String howToGet) {
    for (Path root : folders) {
      for (String place : places) {
        Path folder = root.resolve(place);
        if (Files.exists(folder.resolve(marker))) {
          return folder;
        }
      }
    }
    String place = places.get(places.size() - 1);
    Path usual = Path.of(place).resolve(marker);
    if (folders.isEmpty()) {
      throw new DataMissingException(
          usual,
          howToGet + ", then name the folder above " + place + " with --data DIR or " + VARIABLE);
    }
    throw new DataMissingException(
        folders.get(0).resolve(usual).toAbsolutePath().normalize(), howToGet);
  }
}
