package org.dualoptim.eval.report;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.dualoptim.core.io.AtomicFiles;

/**
 * Writes a picture beside its place and moves it there, so that no reader ever sees half of one.
 */
final class PngFile {
  private PngFile() {}

  static void write(BufferedImage image, Path png) throws IOException {
    AtomicFiles.write(png, out -> out.write(encode(image)));
  }

  private static byte[] encode(BufferedImage image) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (var stream = new MemoryCacheImageOutputStream(bytes)) { // no cache file, no global setting
      if (!ImageIO.write(image, "png", stream)) {
        throw new IOException("this Java has no PNG writer");
      }
    }
    return bytes.toByteArray();
  }
}
