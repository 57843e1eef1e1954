package org.dualoptim.vision.method;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.inject.Guice;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.dualoptim.core.CoreModule;
import org.dualoptim.core.data.Draws;
import org.dualoptim.core.data.JoinedSamples;
import org.dualoptim.core.data.LabeledBatch;
import org.dualoptim.core.data.Samples;
import org.dualoptim.core.optim.LrSchedule;
import org.dualoptim.core.optim.UnlearningOptimizer;
import org.dualoptim.core.recipe.Tables;
import org.dualoptim.core.unlearn.Artefacts;
import org.dualoptim.core.unlearn.LoopState;
import org.dualoptim.core.unlearn.Plan;
import org.dualoptim.core.unlearn.Schedule;
import org.dualoptim.core.unlearn.StepRecord;
import org.dualoptim.core.unlearn.UnlearningLoop;
import org.dualoptim.vision.VisionModule;
import org.dualoptim.vision.model.ResNet;

/** A ResNet-18 of two channels with random images of four classes: 6 to forget, 9 to retain. */
final class Toy {
  static final int CLASSES = 4;
  static final Tables TABLES =
      Guice.createInjector(new CoreModule(), new VisionModule()).getInstance(Tables.class);
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(JsonReadFeature.ALLOW_SINGLE_QUOTES, JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES)
          .build();

  private Toy() {}

  static <T> T read(String table, Class<T> type) {
    try {
      return TABLES.read(JSON.readTree(table), type, "table");
    } catch (JsonProcessingException wrong) {
      throw new IllegalArgumentException(table, wrong);
    }
  }

  static Classifier classifier(NDManager manager) {
    ResNet network = ResNet.resnet18(CLASSES, 2, null, null, new SplittableRandom(3));
    network.initialize(manager, DataType.FLOAT32, new Shape(1, 3, 16, 16));
    return Classifier.of(network);
  }

  static Samples images(int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[][] images = new float[count][3 * 16 * 16];
    long[] labels = new long[count];
    for (int i = 0; i < count; i++) {
      for (int j = 0; j < images[i].length; j++) {
        images[i][j] = (float) random.nextDouble();
      }
      labels[i] = i % CLASSES;
    }
    return new Samples() {
      @Override
      public int size() {
        return count;
      }

      @Override
      public LabeledBatch load(int[] rows, NDManager manager) {
        float[] values = new float[rows.length * images[0].length];
        long[] classes = new long[rows.length];
        for (int i = 0; i < rows.length; i++) {
          System.arraycopy(images[rows[i]], 0, values, i * images[0].length, images[0].length);
          classes[i] = labels[rows[i]];
        }
        return new LabeledBatch(
            manager.create(values, new Shape(rows.length, 3, 16, 16)), manager.create(classes));
      }
    };
  }

  static SampledSession session(Classifier classifier, Schedule schedule, NDManager manager) {
    Samples forget = images(6, 1);
    Samples retain = images(9, 2);
    return new SampledSession(
        classifier,
        manager,
        forget,
        retain,
        new JoinedSamples(forget, retain),
        CLASSES,
        4,
        schedule,
        new Draws(5),
        Artefacts.NONE,
        () -> {});
  }

  /** One step of every objective for which the numbers are not 0, so many times. */
  static Schedule steps(int forget, int retain, int cycles) {
    return new Schedule.Steps(
        forget, retain, null, cycles, Schedule.Clock.UPDATE, new LrSchedule.Constant());
  }

  static List<StepRecord> run(
      Plan plan, UnlearningOptimizer optimizer, Classifier classifier, NDManager manager) {
    List<StepRecord> records = new ArrayList<>();
    try (LoopState state = LoopState.start(classifier.parameters(), optimizer, manager)) {
      new UnlearningLoop(optimizer, new Draws(5), Set.of())
          .run(plan, state, (record, current, all) -> records.add(record));
    }
    return records;
  }
}
