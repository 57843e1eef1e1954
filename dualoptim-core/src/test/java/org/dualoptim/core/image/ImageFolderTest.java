package org.dualoptim.core.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.dualoptim.core.run.DataMissingException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageFolderTest {
  @TempDir Path temp;
  private Path root;

  @BeforeEach
  void twoClasses() throws IOException {
    root = temp.resolve("pets");
    plain("train/dog/2.png", 4, 3, 0x203040);
    plain("train/dog/10.bmp", 4, 3, 0x213141);
    plain("train/cat/images/1.PNG", 4, 3, 0x102030);
    plain("test/dog/1.png", 4, 3, 0x506070);
  }

  private Path plain(String name, int width, int height, int rgb) throws IOException {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        image.setRGB(x, y, rgb);
      }
    }
    return write(name, image);
  }

  private Path write(String name, BufferedImage image) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    String format = name.substring(name.lastIndexOf('.') + 1);
    assertThat(ImageIO.write(image, format, file.toFile())).isTrue();
    return file;
  }

  private ImageData load(Integer imageSize) throws IOException {
    return new ImageFolder("pets", imageSize).load(new DataRoots(List.of(temp)));
  }

  @Test
  void classesAndFilesAreSortedByName() throws IOException {
    ImageData data = load(null);
    assertThat(data.classes()).containsExactly("cat", "dog");
    assertThat(data.train().labels()).containsExactly(0, 1, 1);
    assertThat(data.test().labels()).containsExactly(1);
    assertThat(data.train().geometry()).isEqualTo("3x3x4");
    byte[] pixels = data.train().pixels();
    assertThat(new byte[] {pixels[0], pixels[12], pixels[24]}).containsExactly(0x10, 0x20, 0x30);
    assertThat(pixels[36]).as("10.bmp comes before 2.png").isEqualTo((byte) 0x21);
  }

  @Test
  void valStandsInForTest() throws IOException {
    Files.move(root.resolve("test"), root.resolve("val"));
    assertThat(load(null).test().labels()).containsExactly(1);
  }

  @Test
  void tinyImageNetsAnnotationsGiveTheLabels() throws IOException {
    plain("val/images/b.png", 4, 3, 0x010101);
    plain("val/images/a.png", 4, 3, 0x020202);
    Files.delete(root.resolve("test/dog/1.png"));
    Files.delete(root.resolve("test/dog"));
    Files.delete(root.resolve("test"));
    Path annotations = root.resolve("val/val_annotations.txt");
    Files.writeString(annotations, "a.png\tdog\t0\t0\t3\t3\nb.png\tcat\t0\t0\t3\t3\n");
    ImageSet test = load(null).test();
    assertThat(test.labels()).containsExactly(0, 1);
    assertThat(test.pixels()[0]).isEqualTo((byte) 1);

    Files.writeString(annotations, "../../train/dog/2.png\tdog\n");
    assertThatThrownBy(() -> load(null))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("line 1 must begin with a plain file name");
    Files.writeString(annotations, "c.png\tdog\n");
    assertThatThrownBy(() -> load(null)).hasMessageContaining("which is not there");
  }

  @Test
  void differentSizesNeedAnImageSize() throws IOException {
    Path odd = plain("train/dog/3.png", 5, 3, 0);
    assertThatThrownBy(() -> load(null))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("images differ in size: ")
        .hasMessageContaining(odd + " is 5x3")
        .hasMessageEndingWith("set image_size in the recipe so that all are resized");
    assertThat(load(8).train().geometry()).isEqualTo("3x8x8");
  }

  @Test
  void theMiddleOfALongImageIsKept() throws IOException {
    BufferedImage flag = new BufferedImage(48, 16, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < 16; y++) {
      for (int x = 16; x < 32; x++) {
        flag.setRGB(x, y, 0xffffff);
      }
    }
    write("train/cat/flag.png", flag);
    ImageSet train = load(8).train();
    int at = train.offset(0);
    assertThat(train.pixels()[at + 4 * 8 + 4]).isEqualTo((byte) 255);
    assertThat(train.pixels()[at + 4 * 8]).as("left edge").isLessThan((byte) 0);
  }

  @Test
  void greySamplesStayAsTheyAre() throws IOException {
    BufferedImage grey = new BufferedImage(4, 3, BufferedImage.TYPE_BYTE_GRAY);
    grey.getRaster().setSample(0, 0, 0, 100);
    write("train/cat/0.png", grey);
    ImageSet train = load(null).train();
    assertThat(train.pixels()[train.offset(0)]).isEqualTo((byte) 100);
    assertThat(train.pixels()[train.offset(0) + 24]).isEqualTo((byte) 100);
  }

  @Test
  void unreadableImagesAreNamed() throws IOException {
    Path file = root.resolve("train/dog/5.jpg");
    Files.writeString(file, "not an image");
    assertThatThrownBy(() -> load(null))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "cannot read the image "
                + file
                + ": it is not a PNG, JPEG or BMP image; replace or remove it");
    byte[] whole = Files.readAllBytes(root.resolve("train/dog/2.png"));
    Files.write(file, Arrays.copyOf(whole, whole.length / 2));
    assertThatThrownBy(() -> load(null)).hasMessageStartingWith("cannot read the image " + file);
  }

  @Test
  void aJpegThatIsCutShortIsNotFilledUpWithGrey() throws IOException {
    Path file = plain("train/cat/cut.jpg", 64, 64, 0xa01020);
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, whole.length - 20));
    assertThatThrownBy(() -> load(64))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("cannot read the image " + file + ": it is cut short or damaged (")
        .hasMessageEndingWith("; replace or remove it");
  }

  @Test
  void aHeaderThatClaimsTooMuchIsNotBelieved() throws IOException {
    Path file = root.resolve("train/cat/images/1.PNG");
    byte[] bytes = Files.readAllBytes(file);
    bytes[16] = 0x10; // width 0x10000004
    Files.write(file, bytes);
    assertThatThrownBy(() -> load(null)).hasMessageStartingWith("cannot read the image " + file);
  }

  @Test
  void linksOutOfTheFolderAreRefused() throws IOException {
    Path outside = temp.resolve("secret.png");
    Files.copy(root.resolve("train/dog/2.png"), outside);
    Path link = root.resolve("train/dog/link.png");
    Files.createSymbolicLink(link, outside);
    String message =
        link + " is a link that does not lead to a file in " + root + "; put the file itself there";
    assertThatThrownBy(() -> load(null)).isInstanceOf(IOException.class).hasMessage(message);

    Files.delete(link);
    Files.createSymbolicLink(link, Path.of("2.png"));
    assertThat(load(null).train().size()).isEqualTo(4);

    Files.delete(link);
    Files.createSymbolicLink(root.resolve("train/fox"), temp);
    assertThatThrownBy(() -> load(null)).hasMessageContaining("train/fox is a link");
  }

  @Test
  void missingFoldersAndClassesAreNamed() throws IOException {
    assertThatThrownBy(() -> new ImageFolder("birds", null).load(new DataRoots(List.of(temp))))
        .isInstanceOf(DataMissingException.class)
        .hasMessageContaining(temp.resolve("birds/train").toString());
    plain("test/fox/1.png", 4, 3, 0);
    assertThatThrownBy(() -> load(null))
        .hasMessageContaining("is of the class fox, which has no folder in");
    Files.createDirectory(root.resolve("train/fox"));
    assertThatThrownBy(() -> load(null)).hasMessageContaining("train/fox has no png");
  }

  @Test
  void theFolderStaysBelowTheDataRoot() {
    for (String folder : List.of("..", "a/../../b", "/etc", "")) {
      assertThatThrownBy(() -> new ImageFolder(folder, null))
          .hasMessage("folder must be a path below the data root, got \"" + folder + "\"");
    }
  }
}
