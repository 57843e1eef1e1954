package org.dualoptim.core.image;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * CIFAR-100 in its official binary form: {@code train.bin} and {@code test.bin} under the data root
 * or its {@code cifar-100-binary}. A row is a coarse label byte (0..19), a fine label byte (0..99,
 * the one that is used) and 3,072 pixel bytes. A file may hold fewer rows than the official one,
 * but only whole ones.
 *
 * <p>Source: A. Krizhevsky, "Learning Multiple Layers of Features from Tiny Images", 2009.
 */
public record Cifar100() implements ImageSource {
  private static final int COARSE_CLASSES = 20;
  private static final List<String> CLASSES =
      List.of(
          """
          apple aquarium_fish baby bear beaver bed bee beetle bicycle bottle
          bowl boy bridge bus butterfly camel can castle caterpillar cattle
          chair chimpanzee clock cloud cockroach couch crab crocodile cup dinosaur
          dolphin elephant flatfish forest fox girl hamster house kangaroo keyboard
          lamp lawn_mower leopard lion lizard lobster man maple_tree motorcycle mountain
          mouse mushroom oak_tree orange orchid otter palm_tree pear pickup_truck pine_tree
          plain plate poppy porcupine possum rabbit raccoon ray road rocket
          rose sea seal shark shrew skunk skyscraper snail snake spider
          squirrel streetcar sunflower sweet_pepper table tank telephone television tiger tractor
          train trout tulip turtle wardrobe whale willow_tree wolf woman worm
          """
              .strip()
              .split("\\s+"));
  private static final Normalization NORMALIZATION =
      new Normalization(List.of(.5071, .4866, .4409), List.of(.2673, .2564, .2762));
  private static final String HOW_TO_GET =
      "download the binary version of CIFAR-100 from https://www.cs.toronto.edu/~kriz/cifar.html"
          + " and unpack it so that this file exists";

  @Override
  public ImageData load(DataRoots roots) throws IOException {
    Path folder = roots.find(List.of("", "cifar-100-binary"), "test.bin", HOW_TO_GET);
    CifarFiles files = new CifarFiles(folder, List.of(COARSE_CLASSES, CLASSES.size()), HOW_TO_GET);
    return new ImageData(
        files.read(List.of("train.bin"), CLASSES),
        files.read(List.of("test.bin"), CLASSES),
        NORMALIZATION);
  }
}
