package org.dualoptim.core;

import com.google.inject.AbstractModule;
import com.google.inject.multibindings.MapBinder;
import com.google.inject.multibindings.Multibinder;
import org.dualoptim.core.data.SplitKind;
import org.dualoptim.core.data.TorchMt19937Kind;
import org.dualoptim.core.image.Augmentation;
import org.dualoptim.core.image.Cifar10;
import org.dualoptim.core.image.Cifar100;
import org.dualoptim.core.image.ImageFolder;
import org.dualoptim.core.image.ImageSource;
import org.dualoptim.core.image.Shapes;
import org.dualoptim.core.optim.Adam;
import org.dualoptim.core.optim.AdamW;
import org.dualoptim.core.optim.AdamW8bit;
import org.dualoptim.core.optim.DecoupledAdamW;
import org.dualoptim.core.optim.Dual;
import org.dualoptim.core.optim.DualAdamLlm;
import org.dualoptim.core.optim.DualPlus;
import org.dualoptim.core.optim.Groups;
import org.dualoptim.core.optim.HybridAdamSgd;
import org.dualoptim.core.optim.Lion;
import org.dualoptim.core.optim.LrSchedule;
import org.dualoptim.core.optim.LrScheduleKind;
import org.dualoptim.core.optim.Muon;
import org.dualoptim.core.optim.NewtonSchulzKind;
import org.dualoptim.core.optim.Optimizer;
import org.dualoptim.core.optim.OptimizerKind;
import org.dualoptim.core.optim.Sgd;
import org.dualoptim.core.optim.Shared;
import org.dualoptim.core.optim.UnlearningOptimizer;
import org.dualoptim.core.parity.ModelCase;
import org.dualoptim.core.parity.ModelKind;
import org.dualoptim.core.parity.ParityKind;
import org.dualoptim.core.recipe.Kind;
import org.dualoptim.core.unlearn.ClipKind;
import org.dualoptim.core.unlearn.MaskKind;
import org.dualoptim.core.unlearn.Schedule;

/**
 * What the core contributes: the optimizers, schedules and image sources that recipes can name, and
 * the parity kinds that prove them.
 */
public final class CoreModule extends AbstractModule {

  @Override
  protected void configure() {
    optimizers();
    schedules();
    images();
    parityKinds();
  }

  private void optimizers() {
    kind(Optimizer.class, "sgd", Sgd.class);
    kind(Optimizer.class, "adam", Adam.class);
    kind(Optimizer.class, "adamw", AdamW.class);
    kind(Optimizer.class, "adamw-8bit", AdamW8bit.class);
    kind(Optimizer.class, "lion", Lion.class);
    kind(Optimizer.class, "muon", Muon.class);
    kind(Optimizer.class, "groups", Groups.class);
    kind(UnlearningOptimizer.class, "shared", Shared.class);
    kind(UnlearningOptimizer.class, "dual", Dual.class);
    kind(UnlearningOptimizer.class, "decoupled-adamw", DecoupledAdamW.class);
    kind(UnlearningOptimizer.class, "hybrid-adam-sgd", HybridAdamSgd.class);
    kind(UnlearningOptimizer.class, "dual-plus", DualPlus.class);
    kind(UnlearningOptimizer.class, "dual-adam-llm", DualAdamLlm.class);
  }

  private void schedules() {
    kind(Schedule.class, "steps", Schedule.Steps.class);
    kind(Schedule.class, "passes", Schedule.Passes.class);
    kind(LrSchedule.class, "constant", LrSchedule.Constant.class);
    kind(LrSchedule.class, "cosine", LrSchedule.Cosine.class);
    kind(LrSchedule.class, "multi-step", LrSchedule.MultiStep.class);
    kind(LrSchedule.class, "linear-warmup", LrSchedule.LinearWarmup.class);
  }

  private void images() {
    kind(ImageSource.class, "shapes", Shapes.class);
    kind(ImageSource.class, "cifar10", Cifar10.class);
    kind(ImageSource.class, "cifar100", Cifar100.class);
    kind(ImageSource.class, "image-folder", ImageFolder.class);
    kind(Augmentation.class, "none", Augmentation.None.class);
    kind(Augmentation.class, "pad-crop-flip", Augmentation.PadCropFlip.class);
  }

  private <T> void kind(Class<T> family, String id, Class<? extends T> type) {
    Multibinder.newSetBinder(binder(), Kind.class)
        .addBinding()
        .toInstance(new Kind(family, id, type));
  }

  private void parityKinds() {
    MapBinder<String, ParityKind> parity =
        MapBinder.newMapBinder(binder(), String.class, ParityKind.class);
    parity.addBinding("optimizer").to(OptimizerKind.class);
    parity.addBinding("newton-schulz").to(NewtonSchulzKind.class);
    parity.addBinding("lr-schedule").to(LrScheduleKind.class);
    parity.addBinding("split").toInstance(new SplitKind());
    parity.addBinding("torch-mt19937").toInstance(new TorchMt19937Kind());
    parity.addBinding("clip").toInstance(new ClipKind());
    parity.addBinding("mask-salun").toInstance(MaskKind.SALUN);
    parity.addBinding("mask-fisher").toInstance(MaskKind.FISHER);
    parity.addBinding("model").to(ModelKind.class);
    MapBinder.newMapBinder(binder(), String.class, ModelCase.class);
  }
}
