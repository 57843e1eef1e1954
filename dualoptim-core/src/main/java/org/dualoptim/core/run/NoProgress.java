package org.dualoptim.core.run;

/** Progress that nobody watches. */
record NoProgress() implements Progress {
  @Override
  public void begin(String title, long total) {}

  @Override
  public void at(long done, String note) {}

  @Override
  public void end() {}
}
