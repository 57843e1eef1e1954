package org.dualoptim.eval.report;

import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;

/** Whether text can be drawn: slim containers have a Java but no font. */
public final class Fonts {
  private Fonts() {}

  /**
   * @throws IOException if there is none, with what to install
   */
  public static void require() throws IOException {
    Graphics2D g = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB).createGraphics();
    try {
      g.getFontMetrics(new Font(Font.SANS_SERIF, Font.PLAIN, 12)).stringWidth("x");
    } catch (RuntimeException | Error e) { // Java throws an Error of its own at the second attempt
      throw new IOException(
          "Java finds no font to draw text with; install fontconfig and a font (Debian: fontconfig, fonts-dejavu-core)",
          e);
    } finally {
      g.dispose();
    }
  }
}
