package org.dualoptim.core.image;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Reads data sets for trials and keeps the one that was asked for last, since neighbouring trials
 * read the same one.
 */
public final class ImageLibrary {
  private String from = "";
  private Loaded latest;

  /**
   * Images in memory.
   *
   * @param images the training and the test set
   * @param digest how many images, and the head of the SHA-256 of their geometry, classes, labels
   *     and pixels: what tells the data set from others
   */
  public record Loaded(ImageData images, String digest) {}

  /**
   * The data set of a recipe.
   *
   * @param data where data sets lie, or null for the folder that the environment names
   * @throws org.dualoptim.core.run.DataMissingException if nothing is there
   * @throws UncheckedIOException if something is there and cannot be used
   */
  public synchronized Loaded load(ImageSource source, Path data) {
    String place = source + " in " + data;
    if (latest == null || !from.equals(place)) {
      latest = null; // two data sets need not fit in memory
      try {
        ImageData images = source.load(DataRoots.of(data, System.getenv()));
        String digest = "train " + digest(images.train()) + ", test " + digest(images.test());
        latest = new Loaded(images, digest);
        from = place;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return latest;
  }

  private static String digest(ImageSet images) {
    MessageDigest sha;
    try {
      sha = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
    String form = images.geometry() + " " + images.classes();
    sha.update(form.getBytes(StandardCharsets.UTF_8));
    for (int label : images.labels()) {
      sha.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, label));
    }
    String hex = HexFormat.of().formatHex(sha.digest(images.pixels()));
    return images.size() + " images " + hex.substring(0, 16);
  }
}
