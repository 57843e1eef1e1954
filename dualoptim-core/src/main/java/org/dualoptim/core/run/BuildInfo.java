package org.dualoptim.core.run;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/** Version and commit of this build, written by the build into {@code build.properties}. */
public final class BuildInfo {
  private static final Properties PROPERTIES = load();

  private BuildInfo() {}

  private static Properties load() {
    Properties properties = new Properties();
    try (InputStream in = BuildInfo.class.getResourceAsStream("build.properties")) {
      if (in != null) {
        properties.load(in);
      }
    } catch (IOException e) {
      properties.clear();
    }
    return properties;
  }

  public static String version() {
    return properties("git.build.version");
  }

  /**
   * The abbreviated commit, with {@code -dirty} if the tree had changes; {@code unknown} outside a
   * checkout.
   */
  public static String commit() {
    return properties("git.commit.id.describe");
  }

  private static String properties(String key) {
    return PROPERTIES.getProperty(key, "unknown");
  }
}
