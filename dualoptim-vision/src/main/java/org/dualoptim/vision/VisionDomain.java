package org.dualoptim.vision;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.dualoptim.core.data.Draws;
import org.dualoptim.core.data.Samples;
import org.dualoptim.core.image.ImageData;
import org.dualoptim.core.image.ImageLibrary;
import org.dualoptim.core.image.ImageSamples;
import org.dualoptim.core.image.ImageSet;
import org.dualoptim.core.image.Splits;
import org.dualoptim.core.recipe.RecipeException;
import org.dualoptim.core.recipe.Tables;
import org.dualoptim.core.run.Domain;
import org.dualoptim.core.run.Measurement;
import org.dualoptim.core.run.Outcome;
import org.dualoptim.core.run.ProcessFile;
import org.dualoptim.core.run.Report;
import org.dualoptim.core.run.TrialResult;
import org.dualoptim.core.run.TrialRun;
import org.dualoptim.core.tensor.NamedBlock;
import org.dualoptim.core.unlearn.Tap;
import org.dualoptim.core.unlearn.UnlearningLoop;
import org.dualoptim.vision.method.Classifier;
import org.dualoptim.vision.method.Pretrain;
import org.dualoptim.vision.method.SampledSession;
import org.dualoptim.vision.method.VisionMethod;
import org.dualoptim.vision.model.WeightNames;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs trials of image classifiers: data, network, plan, loop, evaluation. */
public final class VisionDomain implements Domain {
  private static final Logger LOG = LoggerFactory.getLogger(VisionDomain.class);

  /** The value of {@code domain} in recipes. */
  public static final String ID = "vision";

  /** The parent whose weights a trial starts from. */
  private static final String START = "start";

  private final Tables tables;

  private final ImageLibrary library = new ImageLibrary();

  @Inject
  VisionDomain(Tables tables) {
    this.tables = tables;
  }

  @Override
  public Set<String> roles() {
    return Set.of(START, REFERENCE);
  }

  @Override
  public String inspect(ObjectNode resolved, Path data) {
    VisionRecipe recipe = read(resolved);
    ImageLibrary.Loaded there = library.load(recipe.data().source(), data);
    ImageData images = there.images();
    int classes = recipe.model().architecture().numClasses();
    if (classes != images.classes().size()) {
      throw new RecipeException(
          "model.architecture.num_classes must be "
              + images.classes().size()
              + " for these images, got "
              + classes);
    }
    splits(recipe, images);
    return there.digest();
  }

  private VisionRecipe read(ObjectNode resolved) {
    return tables.read(resolved, VisionRecipe.class, "");
  }

  private static Splits splits(VisionRecipe recipe, ImageData images) {
    try {
      return Splits.of(images, recipe.data().split(), recipe.seed());
    } catch (IllegalArgumentException e) {
      throw new RecipeException("data.split." + e.getMessage(), e);
    }
  }

  @Override
  public Outcome run(TrialRun run) {
    VisionRecipe recipe = read(run.trial().resolved());
    ImageData images = library.load(recipe.data().source(), run.data()).images();
    Splits splits = splits(recipe, images);
    boolean pretrains = recipe.method() instanceof Pretrain;
    Samples forget = samples(recipe, images, splits.forget());
    Samples retain = samples(recipe, images, pretrains ? splits.pretrain() : splits.retain());
    Samples test = samples(recipe, images.test().subset(splits.test()));
    int[] forgetThenRetain =
        IntStream.concat(Arrays.stream(splits.forget()), Arrays.stream(splits.retain())).toArray();
    Draws draws = new Draws(recipe.seed());

    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      Classifier classifier = classifier(recipe, images, manager);
      if (run.parents().containsKey(START)) {
        requireNotAnew(recipe.method(), run.trial().recipe().given());
        run.load(START, classifier.parameters());
      } else if (!recipe.method().startsAnew()) {
        LOG.warn(
            "{} changes a model that was never trained: its recipe names no needs.start",
            run.trial().id());
      }
      SampledSession session =
          new SampledSession(
              classifier,
              manager,
              forget,
              retain,
              samples(recipe, images, forgetThenRetain),
              recipe.model().architecture().numClasses(),
              recipe.data().batchSize(),
              recipe.schedule(),
              draws,
              run.artefacts(
                  START,
                  Map.of(
                      "model",
                      run.trial().resolved().get("model"),
                      "batches",
                      run.trial().resolved().get("data"),
                      "seed",
                      recipe.seed())),
              run::requireGoingOn);
      requireTrainable(session, recipe.method(), run.trial().recipe().given());
      Evaluation evaluation =
          new Evaluation(classifier, pretrains ? null : forget, retain, test, run::requireGoingOn);
      Map<String, Object> facts = new LinkedHashMap<>();
      facts.put("forget_images", pretrains ? 0 : forget.size());
      facts.put("retain_images", retain.size());
      facts.put("test_images", test.size());
      facts.put("forget_images_unseen_in_pretraining", pretrains ? 0 : splits.unseen());
      facts.put("effective_batch", recipe.data().batchSize());
      return run.train(
          new UnlearningLoop(recipe.optimizer(), draws, Set.of(Tap.values())),
          () -> recipe.method().plan(session).ordered(recipe.transformOrder()),
          classifier.parameters(),
          manager,
          new ProcessFile(
              run.folder(), recipe.evaluation().points(), (state, last) -> evaluation.measure()),
          facts);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void requireNotAnew(VisionMethod method, String recipe) {
    if (method.startsAnew()) {
      throw new RecipeException(
          recipe
              + ": needs.start: "
              + method.getClass().getSimpleName()
              + " trains from fresh weights; leave it out, or use method.kind = \"ft\"");
    }
  }

  /** Now rather than when the first pass comes to its last batch. */
  private static void requireTrainable(SampledSession session, VisionMethod method, String recipe) {
    try {
      session.requireTrainable(method);
    } catch (IllegalArgumentException e) {
      throw new RecipeException(recipe + ": data.batch_size " + e.getMessage(), e);
    }
  }

  private static Classifier classifier(VisionRecipe recipe, ImageData images, NDManager manager) {
    NamedBlock network =
        recipe
            .model()
            .architecture()
            .create(new Draws(recipe.model().initSeed()).at("initial weights", 0, 0));
    ImageSet train = images.train();
    network.initialize(
        manager, DataType.FLOAT32, new Shape(1, train.channels(), train.height(), train.width()));
    return Classifier.of(network);
  }

  private static Samples samples(VisionRecipe recipe, ImageData images, int[] indices) {
    return samples(recipe, images.train().subset(indices));
  }

  private static Samples samples(VisionRecipe recipe, ImageSet images) {
    return new ImageSamples(images, recipe.data().augmentation());
  }

  @Override
  public List<Measurement> evaluate(
      ObjectNode resolved, Map<String, Path> parents, Path weights, Path data, boolean thorough) {
    VisionRecipe recipe = read(resolved);
    ImageData images = library.load(recipe.data().source(), data).images();
    Splits splits = splits(recipe, images);
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      Classifier classifier = classifier(recipe, images, manager);
      WeightNames.load((NamedBlock) classifier.block(), weights);
      Evaluation evaluation =
          new Evaluation(
              classifier,
              samples(recipe, images, splits.forget()),
              samples(recipe, images, splits.retain()),
              samples(recipe, images.test().subset(splits.test())),
              () -> {});
      return evaluation.explained(thorough);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Report report(List<TrialResult> results) {
    return VisionReport.of(results);
  }
}
