package org.dualoptim.core.image;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.dualoptim.core.run.DataMissingException;

/** Which image files a folder of class folders holds, in which order and of which class. */
final class ClassFolders {
  private static final List<String> ENDINGS = List.of(".png", ".jpg", ".jpeg", ".bmp");
  private static final String ANNOTATIONS = "val_annotations.txt";

  /** One image file and its class index. */
  record Entry(Path file, int label) {}

  private final Path root;
  private final Path realRoot;
  private final List<String> classes;

  /**
   * Lists the classes.
   *
   * @param root holds a folder {@code train}
   * @throws IOException if {@code train} has no class folder
   */
  ClassFolders(Path root) throws IOException {
    this.root = root;
    this.realRoot = root.toRealPath();
    this.classes =
        list(root.resolve("train")).stream()
            .filter(ClassFolders::isFolder)
            .map(folder -> folder.getFileName().toString())
            .toList();
    if (classes.isEmpty()) {
      throw new IOException(
          root.resolve("train") + " has no folders; make one for each class and put its images in");
    }
  }

  /** Class names, sorted. */
  List<String> classes() {
    return classes;
  }

  /** The training images: at least one of every class. */
  List<Entry> train() throws IOException {
    List<Entry> entries = new ArrayList<>();
    for (int label = 0; label < classes.size(); label++) {
      Path folder = root.resolve("train").resolve(classes.get(label));
      List<Path> files = imagesBelow(folder);
      if (files.isEmpty()) {
        throw new IOException(
            folder + " has no png, jpg, jpeg or bmp file; add some or remove the folder");
      }
      for (Path file : files) {
        entries.add(new Entry(file, label));
      }
    }
    return entries;
  }

  /** The test images: at least one, and of known classes. */
  List<Entry> test(String howToGet) throws IOException {
    Path test = root.resolve("test");
    if (!isFolder(test)) {
      test = root.resolve("val");
    }
    if (!isFolder(test)) {
      throw new DataMissingException(root.resolve("test"), howToGet);
    }
    List<Entry> entries =
        Files.exists(test.resolve(ANNOTATIONS)) ? annotated(test) : inClassFolders(test);
    if (entries.isEmpty()) {
      throw new IOException(
          test + " has no png, jpg, jpeg or bmp file in a class folder; add some");
    }
    return entries;
  }

  private List<Entry> inClassFolders(Path test) throws IOException {
    List<Entry> entries = new ArrayList<>();
    for (Path folder : list(test)) {
      if (!isFolder(folder)) {
        continue;
      }
      int label = labelOf(folder.getFileName().toString(), folder.toString());
      for (Path file : imagesBelow(folder)) {
        entries.add(new Entry(file, label));
      }
    }
    return entries;
  }

  /** TinyImageNet's form: lines of file name, class name and a box, separated by tabs. */
  private List<Entry> annotated(Path test) throws IOException {
    Path annotations = test.resolve(ANNOTATIONS);
    List<String> lines;
    try {
      lines = Files.readAllLines(inside(annotations));
    } catch (MalformedInputException e) {
      throw new IOException(annotations + " is not UTF-8 text; get the file again", e);
    }
    List<Entry> entries = new ArrayList<>();
    for (int n = 1; n <= lines.size(); n++) {
      String[] columns = lines.get(n - 1).split("\t");
      String where = annotations + " line " + n;
      String name = columns[0];
      if (columns.length < 2
          || name.isEmpty()
          || name.matches(".*[/\\\\\\x00].*")
          || name.equals("..")) {
        throw new IOException(
            where + " must begin with a plain file name, a tab and a class; get the file again");
      }
      Path file = test.resolve("images").resolve(name);
      if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        throw new IOException(where + " names " + file + ", which is not there; get it again");
      }
      entries.add(new Entry(inside(file), labelOf(columns[1], where)));
    }
    entries.sort(
        Comparator.comparingInt(Entry::label)
            .thenComparing(e -> e.file().getFileName().toString()));
    return entries;
  }

  private int labelOf(String name, String where) throws IOException {
    int label = classes.indexOf(name);
    if (label < 0) {
      throw new IOException(
          where
              + " is of the class "
              + name
              + ", which has no folder in "
              + root.resolve("train")
              + "; add it there or remove it here");
    }
    return label;
  }

  private List<Path> imagesBelow(Path folder) throws IOException {
    List<Path> files = new ArrayList<>();
    try (Stream<Path> walk = Files.walk(folder)) {
      for (Path path : (Iterable<Path>) walk::iterator) {
        if (Files.isSymbolicLink(path) || (isImage(path) && !isFolder(path))) {
          Path file = inside(path);
          if (isImage(path)) {
            files.add(file);
          }
        }
      }
    }
    files.sort(Comparator.comparing(ClassFolders::slashed));
    return files;
  }

  /** The path itself, unless it is a link to anything but a file inside the root. */
  private Path inside(Path path) throws IOException {
    if (Files.isSymbolicLink(path)) {
      boolean fine;
      try {
        Path target = path.toRealPath();
        fine = target.startsWith(realRoot) && Files.isRegularFile(target);
      } catch (IOException broken) {
        fine = false;
      }
      if (!fine) {
        throw new IOException(
            path
                + " is a link that does not lead to a file in "
                + root
                + "; put the file itself there");
      }
    }
    return path;
  }

  private List<Path> list(Path folder) throws IOException {
    if (!isFolder(folder)) {
      throw new IOException(folder + " must be a folder and not a link to one");
    }
    List<Path> entries;
    try (Stream<Path> all = Files.list(folder)) {
      entries =
          all.filter(entry -> !entry.getFileName().toString().startsWith("."))
              .sorted(Comparator.comparing(entry -> entry.getFileName().toString()))
              .toList();
    }
    for (Path entry : entries) {
      inside(entry);
    }
    return entries;
  }

  private static boolean isFolder(Path path) {
    return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
  }

  private static boolean isImage(Path path) {
    String name = path.getFileName().toString().toLowerCase(Locale.ROOT);
    return !name.startsWith(".") && ENDINGS.stream().anyMatch(name::endsWith);
  }

  private static String slashed(Path path) {
    return path.toString().replace(path.getFileSystem().getSeparator(), "/");
  }
}
