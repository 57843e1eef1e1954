package org.dualoptim.vision;

import com.google.inject.AbstractModule;
import com.google.inject.multibindings.MapBinder;
import com.google.inject.multibindings.Multibinder;
import org.dualoptim.core.run.Domain;
import org.dualoptim.core.run.Kind;
import org.dualoptim.vision.method.FineTune;
import org.dualoptim.vision.method.GradientAscent;
import org.dualoptim.vision.method.Pretrain;
import org.dualoptim.vision.method.RandomLabel;
import org.dualoptim.vision.method.SalUn;
import org.dualoptim.vision.method.Scrub;
import org.dualoptim.vision.method.SfrOn;
import org.dualoptim.vision.method.VisionMethod;

/** What the vision domain contributes: itself, and the methods that recipes can name. */
public final class VisionModule extends AbstractModule {

  @Override
  protected void configure() {
    MapBinder.newMapBinder(binder(), String.class, Domain.class).addBinding(VisionDomain.ID).to(VisionDomain.class);

    method("pretrain", Pretrain.class);
    method("retrain", FineTune.class);
    method("ft", FineTune.class);
    method("ga", GradientAscent.class);
    method("rl", RandomLabel.class);
    method("salun", SalUn.class);
    method("scrub", Scrub.class);
    method("sfron", SfrOn.class);
  }

  private void method(String kind, Class<? extends VisionMethod> type) {
    Multibinder.newSetBinder(binder(), Kind.class).addBinding().toInstance(new Kind(VisionMethod.class, kind, type));
  }
}
