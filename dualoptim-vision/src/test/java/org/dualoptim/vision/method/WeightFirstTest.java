package org.dualoptim.vision.method;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.training.initializer.Initializer;
import ai.djl.util.PairList;
import org.junit.jupiter.api.Test;

/**
 * The engine gives a result to the owner of the first operand, which for a block that begins with a
 * weight is the model: nothing may pile up there.
 */
class WeightFirstTest {

  /** Logits {@code flat(x) W^T}, with {@code W} squared first. */
  private static final class SquaredWeight extends AbstractBlock {
    private final Parameter weight =
        addParameter(
            Parameter.builder()
                .setName("weight")
                .setType(Parameter.Type.WEIGHT)
                .optShape(new Shape(Toy.CLASSES, 3 * 16 * 16))
                .optInitializer(Initializer.ONES)
                .build());

    @Override
    protected NDList forwardInternal(
        ParameterStore store, NDList inputs, boolean training, PairList<String, Object> params) {
      NDArray x = inputs.singletonOrThrow();
      NDArray squared = weight.getArray().square();
      return new NDList(x.reshape(x.getShape().get(0), -1).matMul(squared.transpose()));
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputs) {
      return new Shape[] {new Shape(inputs[0].get(0), Toy.CLASSES)};
    }
  }

  @Test
  void predictionsAndMasksLeaveNothingWithTheModel() {
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      SquaredWeight block = new SquaredWeight();
      block.initialize(manager, DataType.FLOAT32, new Shape(1, 3, 16, 16));
      Classifier classifier = Classifier.of(block);
      int before = manager.getManagedArrays().size();

      new Predictor(classifier, 2, () -> {}).predict(Toy.images(6, 1));
      try (NDManager owner = manager.newSubManager()) {
        VisionSession session = Toy.session(classifier, Toy.steps(1, 1, 1), owner);
        new Saliency(Saliency.Rule.FISHER_RATIO, 1).mask(session);
      }

      assertThat(manager.getManagedArrays()).hasSize(before);
      assertThat(classifier.parameters().arrays().getManager()).isSameAs(manager);
    }
  }
}
