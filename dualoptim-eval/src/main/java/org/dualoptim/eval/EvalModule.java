package org.dualoptim.eval;

import com.google.inject.AbstractModule;
import com.google.inject.multibindings.MapBinder;
import org.dualoptim.core.parity.ParityKind;
import org.dualoptim.eval.parity.EvalKinds;

/** Contributes the evaluation's parity kinds. */
public final class EvalModule extends AbstractModule {

  @Override
  protected void configure() {
    MapBinder<String, ParityKind> kinds =
        MapBinder.newMapBinder(binder(), String.class, ParityKind.class);
    for (ParityKind kind : EvalKinds.all()) {
      kinds.addBinding(kind.id()).toInstance(kind);
    }
  }
}
