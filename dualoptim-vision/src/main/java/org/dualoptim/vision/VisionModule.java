package org.dualoptim.vision;

import com.google.inject.AbstractModule;
import com.google.inject.multibindings.MapBinder;
import com.google.inject.multibindings.Multibinder;
import org.dualoptim.core.parity.ModelCase;
import org.dualoptim.core.parity.ParityKind;
import org.dualoptim.core.recipe.Kind;
import org.dualoptim.core.run.Domain;
import org.dualoptim.vision.method.FineTune;
import org.dualoptim.vision.method.GradientAscent;
import org.dualoptim.vision.method.Pretrain;
import org.dualoptim.vision.method.RandomLabel;
import org.dualoptim.vision.method.Retrain;
import org.dualoptim.vision.method.SalUn;
import org.dualoptim.vision.method.Scrub;
import org.dualoptim.vision.method.SfrOn;
import org.dualoptim.vision.method.VisionMethod;
import org.dualoptim.vision.model.Architecture;
import org.dualoptim.vision.parity.ImageClassifierCase;
import org.dualoptim.vision.parity.UnlearnKind;
import org.dualoptim.vision.parity.VisionLossKind;

/**
 * What the vision domain contributes: itself, the methods and networks that recipes can name, and
 * the parity kinds that prove them.
 */
public final class VisionModule extends AbstractModule {

  @Override
  protected void configure() {
    MapBinder.newMapBinder(binder(), String.class, Domain.class)
        .addBinding(VisionDomain.ID)
        .to(VisionDomain.class);

    method("pretrain", Pretrain.class);
    method("retrain", Retrain.class);
    method("ft", FineTune.class);
    method("ga", GradientAscent.class);
    method("rl", RandomLabel.class);
    method("salun", SalUn.class);
    method("scrub", Scrub.class);
    method("sfron", SfrOn.class);

    model("resnet18", Architecture.ResNet18.class);
    model("resnet20s", Architecture.ResNet20s.class);
    model("resnet32s", Architecture.ResNet32s.class);
    model("resnet44s", Architecture.ResNet44s.class);
    model("resnet56s", Architecture.ResNet56s.class);

    MapBinder<String, ParityKind> parity =
        MapBinder.newMapBinder(binder(), String.class, ParityKind.class);
    parity.addBinding("vision-loss").toInstance(new VisionLossKind());
    parity.addBinding("unlearn").to(UnlearnKind.class);
  }

  private void method(String kind, Class<? extends VisionMethod> type) {
    Multibinder.newSetBinder(binder(), Kind.class)
        .addBinding()
        .toInstance(new Kind(VisionMethod.class, kind, type));
  }

  private void model(String kind, Class<? extends Architecture> type) {
    Multibinder.newSetBinder(binder(), Kind.class)
        .addBinding()
        .toInstance(new Kind(Architecture.class, kind, type));
    MapBinder.newMapBinder(binder(), String.class, ModelCase.class)
        .addBinding(kind)
        .to(ImageClassifierCase.class);
  }
}
