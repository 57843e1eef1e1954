package org.dualoptim.vision.model;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.dualoptim.core.io.TensorSource;
import org.dualoptim.core.tensor.NamedBlock;
import org.dualoptim.core.tensor.Parameters;
import org.dualoptim.core.tensor.Weights;

/**
 * How published checkpoints name a classifier's tensors, found out from the names themselves.
 *
 * <ul>
 *   <li>torchvision and the official DualOptim code: {@code layer1.0.downsample.0.weight}, {@code
 *       fc.weight}, with the constants {@code normalize.mean} and {@code normalize.std} where a
 *       model normalises its input;
 *   <li>CIFAR ResNets after akamaster/pytorch_resnet_cifar10: {@code layer1.0.shortcut.0.weight},
 *       {@code linear.weight}.
 * </ul>
 *
 * <p>Either may stand below {@code state_dict}, below {@code module} (saved from data-parallel
 * training), or both; what a checkpoint holds beside it, such as an optimizer's state, is left
 * alone.
 */
public final class WeightNames {
  private static final List<String> PREFIXES =
      List.of("", "module.", "state_dict.", "state_dict.module.");
  private static final String CONSTANTS = "normalize.";
  private static final String BATCHES = ".num_batches_tracked";

  /** A naming and where it stands in a file. */
  private record Scheme(String prefix, boolean akamaster) {

    /** The network's name for a tensor of the file, or null if it stands elsewhere. */
    String reference(String name) {
      if (!name.startsWith(prefix)) {
        return null;
      }
      String own = name.substring(prefix.length());
      return akamaster
          ? own.replaceFirst("^linear\\.", "fc.").replace(".shortcut.", ".downsample.")
          : own;
    }

    Set<String> references(Collection<String> names) {
      return names.stream()
          .map(this::reference)
          .filter(name -> name != null)
          .collect(Collectors.toSet());
    }
  }

  private WeightNames() {}

  /**
   * Sets a network's weights and running statistics from a checkpoint. Constants of normalisation
   * are set where the file has them and stay where it has none; a network without them ignores
   * those of the file.
   *
   * @param network initialised
   * @param file safetensors, or a torch {@code .pth} or {@code .th}
   * @throws IOException if the file cannot be read, its names follow no known scheme, or it is of
   *     another network
   */
  public static void load(NamedBlock network, Path file) throws IOException {
    Parameters parameters = network.parameters();
    Set<String> names;
    try (TensorSource source = TensorSource.open(file)) {
      names = source.names();
    }
    Scheme scheme = scheme(parameters, names, file);
    Set<String> there = scheme.references(names);
    Set<String> known = Set.copyOf(parameters.names());
    Weights.load(
        Parameters.of(
            parameters.entries().stream()
                .filter(
                    entry -> !entry.name().startsWith(CONSTANTS) || there.contains(entry.name()))
                .toList()),
        file,
        name -> {
          String reference = scheme.reference(name);
          return reference == null || isIgnored(reference, known) ? null : reference;
        });
  }

  /** Bookkeeping that nothing computes with, and constants of a layer that the network lacks. */
  private static boolean isIgnored(String reference, Set<String> known) {
    return reference.endsWith(BATCHES)
        || reference.startsWith(CONSTANTS) && !known.contains(reference);
  }

  /** The scheme under which a file has every array that a network cannot do without. */
  private static Scheme scheme(Parameters parameters, Set<String> names, Path file)
      throws IOException {
    List<String> needed =
        parameters.names().stream().filter(name -> !name.startsWith(CONSTANTS)).toList();
    String missing = "";
    long most = 0;
    for (Scheme scheme : schemes()) {
      Set<String> there = scheme.references(names);
      long found = needed.stream().filter(there::contains).count();
      if (found == needed.size()) {
        return scheme;
      }
      if (found > most) {
        most = found;
        missing = needed.stream().filter(name -> !there.contains(name)).findFirst().orElseThrow();
      }
    }
    throw new IOException(
        most == 0
            ? file
                + ": its tensors are named neither as torchvision's (conv1.weight, ..., fc.bias)"
                + " nor as akamaster's (conv1.weight, ..., linear.bias)"
            : file
                + " does not fit the model: it has "
                + most
                + " of the "
                + needed.size()
                + " arrays and lacks "
                + missing);
  }

  private static List<Scheme> schemes() {
    List<Scheme> schemes = new ArrayList<>();
    for (String prefix : PREFIXES) {
      schemes.add(new Scheme(prefix, false));
      schemes.add(new Scheme(prefix, true));
    }
    return schemes;
  }
}
