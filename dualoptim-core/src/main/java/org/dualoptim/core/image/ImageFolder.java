package org.dualoptim.core.image;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.dualoptim.core.recipe.Check;

/**
 * Images in folders, one per class: {@code train/CLASS/...} and {@code test/CLASS/...}, or {@code
 * val/} where there is no {@code test/}. Files end in png, jpg, jpeg or bmp, in any case, and may
 * lie deeper ({@code train/CLASS/images/x.JPEG}). TinyImageNet's official form, {@code val/images}
 * with {@code val/val_annotations.txt}, is read as well.
 *
 * <p>Classes are the folders of {@code train}, sorted by name; images are sorted by class, then by
 * path. Everything becomes three channels of 8 bits; transparency is dropped. Nothing outside the
 * folder is read: a link is an error unless it leads to a file inside.
 *
 * @param folder where {@code train} is, relative to a data root; {@code "."} is the root itself
 * @param imageSize side of the square that every image becomes: the shorter side is scaled to it
 *     (Java2D bicubic, after halving bilinearly while more than twice as large) and the middle of
 *     the longer one is kept; absent if all images have one size, which then stays
 */
public record ImageFolder(String folder, Integer imageSize) implements ImageSource {
  /** Three planes of a larger image would outgrow an array. */
  private static final int LARGEST = 1 << 14;

  private static final String HOW_TO_GET =
      "put the images there as train/CLASS/*.png and test/CLASS/*.png (jpg, jpeg and bmp work too)";

  /** Checks the values. */
  public ImageFolder {
    Path path = Path.of(folder).normalize();
    Check.require(
        !folder.isBlank() && !path.isAbsolute() && !path.startsWith(".."),
        "folder",
        "a path below the data root",
        '"' + folder + '"');
    Check.require(
        imageSize == null || imageSize >= 1 && imageSize <= LARGEST,
        "image_size",
        "in 1.." + LARGEST,
        imageSize);
  }

  @Override
  public ImageData load(DataRoots roots) throws IOException {
    Path root = roots.find(List.of(Path.of(folder).normalize().toString()), "train", HOW_TO_GET);
    ClassFolders files = new ClassFolders(root);
    List<String> classes = files.classes();
    List<ClassFolders.Entry> train = files.train();
    List<ClassFolders.Entry> test = files.test(HOW_TO_GET);
    RgbImage first = read(train.get(0).file());
    ImageSet trainSet = read(train, first, train.get(0).file(), classes);
    ImageSet testSet = read(test, first, train.get(0).file(), classes);
    return new ImageData(trainSet, testSet, Normalization.of(trainSet));
  }

  private RgbImage read(Path file) throws IOException {
    RgbImage image = RgbImage.read(file);
    return imageSize == null ? image : image.square(imageSize);
  }

  private ImageSet read(
      List<ClassFolders.Entry> entries, RgbImage first, Path firstFile, List<String> classes)
      throws IOException {
    byte[] pixels = ImageSet.allocate(entries.size(), 3, first.height(), first.width());
    int imageBytes = 3 * first.height() * first.width();
    try {
      IntStream.range(0, entries.size())
          .parallel()
          .forEach(
              i -> {
                Path file = entries.get(i).file();
                try {
                  RgbImage image = read(file);
                  if (image.width() != first.width() || image.height() != first.height()) {
                    throw new IOException(
                        "images differ in size: "
                            + firstFile
                            + " is "
                            + first.width()
                            + "x"
                            + first.height()
                            + ", but "
                            + file
                            + " is "
                            + image.width()
                            + "x"
                            + image.height()
                            + "; set image_size in the recipe so that all are resized");
                  }
                  image.copyPlanes(pixels, i * imageBytes);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    int[] labels = entries.stream().mapToInt(ClassFolders.Entry::label).toArray();
    return new ImageSet(3, first.height(), first.width(), pixels, labels, classes);
  }
}
