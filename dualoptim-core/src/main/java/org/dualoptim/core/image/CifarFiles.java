package org.dualoptim.core.image;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.dualoptim.core.run.DataMissingException;

/**
 * Reader of the CIFAR binary form: rows of some label bytes, of which the last one counts, and
 * 3,072 pixel bytes.
 *
 * @param folder where the files lie
 * @param labelRanges how many values each label byte of a row can have
 * @param howToGet what to do about a missing file
 */
record CifarFiles(Path folder, List<Integer> labelRanges, String howToGet) {
  private static final int SIDE = 32;
  private static final int PIXELS = 3 * SIDE * SIDE;

  /** All rows of some files, one file after another. */
  ImageSet read(List<String> names, List<String> classes) throws IOException {
    long rows = 0;
    for (String name : names) {
      rows += rowsOf(folder.resolve(name));
    }
    byte[] pixels = ImageSet.allocate(rows, 3, SIDE, SIDE);
    int[] labels = new int[(int) rows];
    int row = 0;
    for (String name : names) {
      row = read(folder.resolve(name), row, pixels, labels);
    }
    return new ImageSet(3, SIDE, SIDE, pixels, labels, classes);
  }

  private long rowsOf(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new DataMissingException(file, howToGet);
    }
    long size = Files.size(file);
    int rowBytes = labelRanges.size() + PIXELS;
    if (size == 0) {
      throw new IOException(file + " is empty; get the file again");
    }
    if (size % rowBytes != 0) {
      throw new IOException(
          file
              + " must hold one or more rows of "
              + rowBytes
              + " bytes, but it has "
              + size
              + " bytes, which leaves a remainder of "
              + size % rowBytes
              + "; get the file again");
    }
    return size / rowBytes;
  }

  private int read(Path file, int firstRow, byte[] pixels, int[] labels) throws IOException {
    long rows = rowsOf(file);
    try (InputStream in = Files.newInputStream(file)) {
      byte[] row = new byte[labelRanges.size() + PIXELS];
      for (int r = 0; r < rows; r++) {
        int at = firstRow + r;
        if (at == labels.length || in.readNBytes(row, 0, row.length) < row.length) {
          throw new IOException(file + " changed its size while it was read; try again");
        }
        labels[at] = label(file, r, row);
        System.arraycopy(row, labelRanges.size(), pixels, at * PIXELS, PIXELS);
      }
    }
    return firstRow + (int) rows;
  }

  private int label(Path file, int r, byte[] row) throws IOException {
    int label = 0;
    for (int b = 0; b < labelRanges.size(); b++) {
      label = row[b] & 0xff;
      if (label >= labelRanges.get(b)) {
        throw new IOException(
            file
                + " is not a CIFAR file in binary form: row "
                + r
                + " has the label "
                + label
                + ", which must be in 0.."
                + (labelRanges.get(b) - 1)
                + "; get the file again");
      }
    }
    return label;
  }
}
