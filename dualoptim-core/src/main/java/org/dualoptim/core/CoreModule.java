package org.dualoptim.core;

import com.google.inject.AbstractModule;
import com.google.inject.multibindings.MapBinder;
import com.google.inject.multibindings.Multibinder;
import org.dualoptim.core.data.SplitKind;
import org.dualoptim.core.data.TorchMt19937Kind;
import org.dualoptim.core.optim.Adam;
import org.dualoptim.core.optim.AdamW;
import org.dualoptim.core.optim.AdamW8bit;
import org.dualoptim.core.optim.DecoupledAdamW;
import org.dualoptim.core.optim.Dual;
import org.dualoptim.core.optim.DualAdamLlm;
import org.dualoptim.core.optim.DualPlus;
import org.dualoptim.core.optim.HybridAdamSgd;
import org.dualoptim.core.optim.Lion;
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

/**
 * What the core contributes: the optimizers that recipes can name, and the parity kinds that prove
 * them.
 */
public final class CoreModule extends AbstractModule {

  @Override
  protected void configure() {
    Multibinder<Kind> kinds = Multibinder.newSetBinder(binder(), Kind.class);
    kinds.addBinding().toInstance(new Kind(Optimizer.class, "sgd", Sgd.class));
    kinds.addBinding().toInstance(new Kind(Optimizer.class, "adam", Adam.class));
    kinds.addBinding().toInstance(new Kind(Optimizer.class, "adamw", AdamW.class));
    kinds.addBinding().toInstance(new Kind(Optimizer.class, "adamw-8bit", AdamW8bit.class));
    kinds.addBinding().toInstance(new Kind(Optimizer.class, "lion", Lion.class));
    kinds.addBinding().toInstance(new Kind(Optimizer.class, "muon", Muon.class));
    kinds.addBinding().toInstance(new Kind(UnlearningOptimizer.class, "shared", Shared.class));
    kinds.addBinding().toInstance(new Kind(UnlearningOptimizer.class, "dual", Dual.class));
    kinds
        .addBinding()
        .toInstance(new Kind(UnlearningOptimizer.class, "decoupled-adamw", DecoupledAdamW.class));
    kinds
        .addBinding()
        .toInstance(new Kind(UnlearningOptimizer.class, "hybrid-adam-sgd", HybridAdamSgd.class));
    kinds.addBinding().toInstance(new Kind(UnlearningOptimizer.class, "dual-plus", DualPlus.class));
    kinds
        .addBinding()
        .toInstance(new Kind(UnlearningOptimizer.class, "dual-adam-llm", DualAdamLlm.class));

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
