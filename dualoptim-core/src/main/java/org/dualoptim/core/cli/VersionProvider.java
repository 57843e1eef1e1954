package org.dualoptim.core.cli;

import java.util.Optional;
import picocli.CommandLine.IVersionProvider;

/**
 * {@code --version} from the manifest: the {@code Implementation-Version} of the jar that holds the
 * program's root command, then the Java and the system it runs on. Classes that were not loaded
 * from a jar have no version and say so.
 *
 * @param program the name it is started by
 * @param root the class of its root command
 */
record VersionProvider(String program, Class<?> root) implements IVersionProvider {

  @Override
  public String[] getVersion() {
    String version =
        Optional.ofNullable(root.getPackage().getImplementationVersion())
            .orElse("(development build, no manifest)");
    return new String[] {
      program + " " + version,
      "Java " + property("java.version") + " (" + property("java.vendor") + ")",
      property("os.name") + " " + property("os.version") + ", " + property("os.arch")
    };
  }

  private static String property(String name) {
    return System.getProperty(name);
  }
}
