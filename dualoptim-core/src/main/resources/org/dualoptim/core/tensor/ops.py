# The op library: what DJL's NDArray does not offer, in the dialect of a serialised TorchScript module.
#
# Rules of the dialect: a script is a list of functions, which OpLibrary makes the methods of one class (hence self, and a comma after the
# last argument of a call to another one); every operator is written out (torch.add(a, b), no sugar), an argument is a Tensor or a List[Tensor],
# numbers travel in one float64 tensor h whose entries each op names. An op whose name ends in _ changes its first list in place and
# runs without a graph; every other op is differentiable.

# ---- gradients ------------------------------------------------------------------------------------------------------------

# d loss / d p, a tensor for every p in p's memory format; zeros where the loss does not reach. Frees the graph.
# Autograd may hand one tensor, or views of one, to several parameters (those that are added to each other), and callers change gradients
# in place. What shares memory shares a version, which every change in place counts, a copy of a tensor onto itself too: a gradient whose
# version moves on after its own such change is copied.
def grads(self: __torch__.Ops, loss: Tensor, p: List[Tensor]) -> List[Tensor]:
  g = torch.autograd.grad([loss], p, None, False, False, True)
  out = annotate(List[Tensor], [])
  versions = annotate(List[int], [])
  for i in range(torch.len(p)):
    gi = g[i]
    if torch.__is__(gi, None):
      own = torch.zeros_like(p[i])
    else:
      own = (self).like(unchecked_cast(Tensor, gi), p[i], )
    _0 = torch.append(out, torch.copy_(own, own))
    _1 = torch.append(versions, torch._version(own))
  for j in range(torch.len(out)):
    if torch.ne(torch._version(out[j]), versions[j]):
      _2 = torch._set_item(out, j, torch.clone(out[j]))
  return out

# g with the strides of p: the fused optimizer kernels walk raw memory and trust that both agree.
def like(self: __torch__.Ops, g: Tensor, p: Tensor) -> Tensor:
  if torch.eq(torch.stride(g), torch.stride(p)):
    out = g
  else:
    out = torch.copy_(torch.empty_like(p), g)
  return out

# ---- lists of gradients ---------------------------------------------------------------------------------------------------

# ||(g_1, ..., g_n)||_2 over all elements of all arrays, []
def global_norm(self: __torch__.Ops, g: List[Tensor]) -> Tensor:
  return torch.linalg_vector_norm(torch.stack(torch._foreach_norm(g, 2)), 2)

# the largest |g| over all elements of all arrays, []; NaN if there is one
def max_norm(self: __torch__.Ops, g: List[Tensor]) -> Tensor:
  largest = annotate(List[Tensor], [])
  for i in range(torch.len(g)):
    if torch.gt(torch.numel(g[i]), 0):
      _0 = torch.append(largest, torch.max(torch.abs(g[i])))
  return torch.max(torch.stack(largest))

# <a, b> / (||a|| ||b||) over all elements of all arrays, []; 0 where one of them is zero
def global_cosine(self: __torch__.Ops, a: List[Tensor], b: List[Tensor]) -> Tensor:
  dots = annotate(List[Tensor], [])
  for i in range(torch.len(a)):
    _0 = torch.append(dots, torch.sum(torch.mul(a[i], b[i])))
  dot = torch.sum(torch.stack(dots))
  norms = torch.mul((self).global_norm(a, ), (self).global_norm(b, ))
  return torch.div(dot, torch.clamp_min(norms, 1.0e-38))

# ||a - b|| over all arrays, then b becomes a: the length of the last update, with b the snapshot it was taken from. b holds the
# difference in between, so that nothing is allocated.
def moved_(self: __torch__.Ops, b: List[Tensor], a: List[Tensor]) -> Tensor:
  torch._foreach_sub_(b, a)
  norm = (self).global_norm(b, )
  torch._foreach_copy_(b, a)
  return norm

# g *= min(1, max_norm / (||g|| + 1e-6)); returns ||g|| before. h = [max_norm]
def clip_(self: __torch__.Ops, g: List[Tensor], h: Tensor) -> Tensor:
  norm = (self).global_norm(g, )
  factor = torch.clamp_max(torch.mul(torch.reciprocal(torch.add(norm, 1.0e-06)), float(h[0])), 1.0)
  torch._foreach_mul_(g, factor)
  return norm

# g *= m, m boolean or float
def mask_(self: __torch__.Ops, g: List[Tensor], m: List[Tensor]) -> Tensor:
  for i in range(torch.len(g)):
    _0 = torch.mul_(g[i], m[i])
  return g[0]

# g *= h[0]
def scale_(self: __torch__.Ops, g: List[Tensor], h: Tensor) -> Tensor:
  torch._foreach_mul_(g, float(h[0]))
  return h

# a += h[0] * b
def add_(self: __torch__.Ops, a: List[Tensor], b: List[Tensor], h: Tensor) -> Tensor:
  torch._foreach_add_(a, b, alpha=float(h[0]))
  return h

# a += h[0] * b * b
def add_square_(self: __torch__.Ops, a: List[Tensor], b: List[Tensor], h: Tensor) -> Tensor:
  torch._foreach_addcmul_(a, b, b, float(h[0]))
  return h

# a = b, element by element, whatever the memory formats
def copy_(self: __torch__.Ops, a: List[Tensor], b: List[Tensor]) -> Tensor:
  for i in range(torch.len(a)):
    _0 = torch.copy_(a[i], b[i])
  return a[0]

# ---- memory formats -------------------------------------------------------------------------------------------------------

# a copy of x [N,C,H,W] with the channels innermost in memory. A copy always: an array that Java made borrows Java's memory, and an alias
# of it would not keep that memory alive.
def channels_last(self: __torch__.Ops, x: Tensor) -> Tensor:
  return torch.clone(x, memory_format=2)

# a copy of x in C order
def contiguous(self: __torch__.Ops, x: Tensor) -> Tensor:
  return torch.clone(x, memory_format=0)

# a list of zeros in the memory formats of p
def zeros_like(self: __torch__.Ops, p: List[Tensor]) -> List[Tensor]:
  out = annotate(List[Tensor], [])
  for i in range(torch.len(p)):
    _0 = torch.append(out, torch.zeros_like(p[i]))
  return out

# copies of p that share nothing with it, in its memory formats
def clone(self: __torch__.Ops, p: List[Tensor]) -> List[Tensor]:
  out = annotate(List[Tensor], [])
  for i in range(torch.len(p)):
    _0 = torch.append(out, torch.clone(p[i]))
  return out

# the strides of x, int64 [rank]
def strides(self: __torch__.Ops, x: Tensor) -> Tensor:
  return torch.tensor(torch.stride(x))

# ---- losses ---------------------------------------------------------------------------------------------------------------

# cross-entropy of logits [B,C] and labels [B] (int64), mean over the batch, []
def cross_entropy(self: __torch__.Ops, logits: Tensor, labels: Tensor) -> Tensor:
  return torch.cross_entropy_loss(logits, labels)

# the same, one value a sample, [B]
def cross_entropy_each(self: __torch__.Ops, logits: Tensor, labels: Tensor) -> Tensor:
  return torch.cross_entropy_loss(logits, labels, None, 0)

# adaptive mean of per-sample losses l [B]: sum(c l) / sum(c) with c = 1 / (l^lambda + 1e-15) held constant, []. h = [lambda]
def adaptive_mean(self: __torch__.Ops, l: Tensor, h: Tensor) -> Tensor:
  c = torch.reciprocal(torch.add(torch.pow(torch.detach(l), float(h[0])), 1.0e-15))
  return torch.div(torch.sum(torch.mul(c, l)), torch.sum(c))

# T^2 KL(softmax(teacher / T) || softmax(logits / T)), summed over classes, mean over the batch, []. h = [T]. As torch's kl_div has it,
# sum(p log p - p log q): where the two nearly agree, T^2 enlarges what rounding leaves of the difference.
def kl_teacher(self: __torch__.Ops, logits: Tensor, teacher: Tensor, h: Tensor) -> Tensor:
  t = float(h[0])
  log_q = torch.log_softmax(torch.div(logits, t), 1)
  p = torch.softmax(torch.div(torch.detach(teacher), t), 1)
  kl = torch.kl_div(log_q, p, 2)
  return torch.mul(torch.div(kl, torch.size(logits, 0)), torch.mul(t, t))

# ---- linear algebra -------------------------------------------------------------------------------------------------------

# eigenvalues of the symmetric a [D,D], ascending, [D]
def eigvalsh(self: __torch__.Ops, a: Tensor) -> Tensor:
  return torch.linalg_eigvalsh(a)

# eigenvalues [D] ascending and eigenvectors [D,D] in columns
def eigh(self: __torch__.Ops, a: Tensor) -> List[Tensor]:
  w, v = torch.linalg_eigh(a)
  return [w, v]

# ---- masks ----------------------------------------------------------------------------------------------------------------

# SalUn's mask, boolean, in the shapes and memory formats of a: true for the h[0] largest of |a| - |b| over all arrays concatenated in
# C order; of equal scores the first ones. Two counting passes over the scores' bits instead of a sort: what is held at a time is
# the keys of one array.
def top_mask(self: __torch__.Ops, a: List[Tensor], b: List[Tensor], h: Tensor) -> List[Tensor]:
  if torch.eq(ops.prim.dtype(a[0]), 7):
    return (self).top_mask_sorted(a, b, int(h[0]), )
  high = torch.zeros([65536], dtype=4, device=ops.prim.device(a[0]))
  for i in range(torch.len(a)):
    keys = (self).score_keys(a[i], b[i], )
    _0 = torch.add_(high, torch.bincount(torch.__rshift__(keys, 17), None, 65536))
  pivot, left = (self).bin_of(high, int(h[0]), )
  low = torch.zeros([131072], dtype=4, device=ops.prim.device(a[0]))
  for i0 in range(torch.len(a)):
    keys0 = (self).score_keys(a[i0], b[i0], )
    inside = torch.masked_select(keys0, torch.eq(torch.__rshift__(keys0, 17), pivot))
    _1 = torch.add_(low, torch.bincount(torch.__and__(inside, 131071), None, 131072))
  pivot0, left0 = (self).bin_of(low, left, )
  least = torch.add(torch.mul(pivot, 131072), pivot0)
  out = annotate(List[Tensor], [])
  for i1 in range(torch.len(a)):
    keys1 = (self).score_keys(a[i1], b[i1], )
    tied = torch.eq(keys1, least)
    first = torch.__and__(tied, torch.le(torch.cumsum(tied, 0), left0))
    left0 = torch.sub(left0, int(torch.sum(first)))
    keep = torch.reshape(torch.__or__(torch.gt(keys1, least), first), torch.size(a[i1]))
    _2 = torch.append(out, torch.copy_(torch.empty_like(a[i1], dtype=11), keep))
  return out

# the same by a stable sort, for float64, whose scores have more digits than the histograms bins
def top_mask_sorted(self: __torch__.Ops, a: List[Tensor], b: List[Tensor], k: int) -> List[Tensor]:
  scores = annotate(List[Tensor], [])
  for i in range(torch.len(a)):
    _0 = torch.append(scores, torch.reshape(torch.sub(torch.abs(a[i]), torch.abs(b[i])), [-1]))
  order = torch.argsort(torch.cat(scores), stable=True, dim=0, descending=True)
  keep = torch.zeros([torch.size(order, 0)], dtype=11, device=ops.prim.device(order))
  _1 = torch.index_fill_(keep, 0, torch.slice(order, 0, 0, k), 1)
  out = annotate(List[Tensor], [])
  start = 0
  for i0 in range(torch.len(a)):
    own = torch.reshape(torch.slice(keep, 0, start, torch.add(start, torch.numel(a[i0]))), torch.size(a[i0]))
    _2 = torch.append(out, torch.copy_(torch.empty_like(a[i0], dtype=11), own))
    start = torch.add(start, torch.numel(a[i0]))
  return out

# integers in 0..2^33-1 that are ordered as |a| - |b| is, C order, int64 [numel]: exponent and mantissa of the score, with its sign
def score_keys(self: __torch__.Ops, a: Tensor, b: Tensor) -> Tensor:
  score = torch.reshape(torch.sub(torch.abs(a), torch.abs(b)), [-1])
  mantissa, exponent = torch.frexp(score)
  digits = torch.sub_(torch.to(torch.mul_(torch.abs(mantissa), 16777216.), 4), 8388608)
  magnitude = torch.add_(torch.mul_(torch.add_(torch.to(exponent, 4), 149), 8388608), digits)
  return torch.add_(torch.mul_(magnitude, torch.to(torch.sign_(score), 4)), 4294967296)

# the bin of a histogram that holds the k-th largest, and how many of that bin are among the k largest
def bin_of(self: __torch__.Ops, histogram: Tensor, k: int) -> Tuple[int, int]:
  above = torch.flip(torch.cumsum(torch.flip(histogram, [0]), 0), [0])
  pivot = torch.sub(int(torch.sum(torch.ge(above, k))), 1)
  inside = int(torch.select(histogram, 0, pivot))
  left = torch.sub(k, torch.sub(int(torch.select(above, 0, pivot)), inside))
  return (pivot, left)

# true where (a + 1e-15) / (b + 1e-15) >= h[0]
def ratio_mask(self: __torch__.Ops, a: List[Tensor], b: List[Tensor], h: Tensor) -> List[Tensor]:
  out = annotate(List[Tensor], [])
  for i in range(torch.len(a)):
    ratio = torch.div_(torch.add(a[i], 1.0e-15), torch.add(b[i], 1.0e-15))
    _0 = torch.append(out, torch.ge(ratio, float(h[0])))
  return out

# ---- optimizer steps: p parameters, g gradients, h numbers; states as named --------------------------------------------------
# Every step takes gradients in any memory format. Temporaries are one parameter large, never the whole list.

# SGD: d = g + wd p; b = mu b + d (first step b = d); p -= lr (nesterov: d + mu b, else b). h = [lr, mu, wd, nesterov, first]
def sgd_(self: __torch__.Ops, p: List[Tensor], g: List[Tensor], b: List[Tensor], h: Tensor) -> Tensor:
  torch._fused_sgd_(p, (self).likes(g, p, ), b, weight_decay=float(h[2]), momentum=float(h[1]), lr=float(h[0]), dampening=0., nesterov=bool(h[3]), maximize=False, is_first_step=bool(h[4]))
  return h

# SGD without momentum, which remembers nothing: p -= lr (g + wd p). h = [lr, wd]
def sgd_plain_(self: __torch__.Ops, p: List[Tensor], g: List[Tensor], h: Tensor) -> Tensor:
  b = annotate(List[Tensor], [])
  torch._fused_sgd_(p, (self).likes(g, p, ), b, weight_decay=float(h[1]), momentum=0., lr=float(h[0]), dampening=0., nesterov=False, maximize=False, is_first_step=True)
  return h

# Adam: g += wd p; m = b1 m + (1 - b1) g; v = b2 v + (1 - b2) g^2; p -= lr (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + eps).
# h = [lr, b1, b2, eps, wd, t]
def adam_(self: __torch__.Ops, p: List[Tensor], g: List[Tensor], m: List[Tensor], v: List[Tensor], h: Tensor) -> Tensor:
  x = annotate(List[Tensor], [])
  torch._fused_adam_(p, (self).likes(g, p, ), m, v, x, (self).steps(p, h[5], ), lr=float(h[0]), beta1=float(h[1]), beta2=float(h[2]), weight_decay=float(h[4]), eps=float(h[3]), amsgrad=False, maximize=False)
  return h

# AdamW: p *= 1 - lr wd, then Adam without wd, then p *= after. h = [lr, b1, b2, eps, wd, t, after]
def adamw_(self: __torch__.Ops, p: List[Tensor], g: List[Tensor], m: List[Tensor], v: List[Tensor], h: Tensor) -> Tensor:
  x = annotate(List[Tensor], [])
  torch._fused_adamw_(p, (self).likes(g, p, ), m, v, x, (self).steps(p, h[5], ), lr=float(h[0]), beta1=float(h[1]), beta2=float(h[2]), weight_decay=float(h[4]), eps=float(h[3]), amsgrad=False, maximize=False)
  if torch.ne(float(h[6]), 1.0):
    torch._foreach_mul_(p, float(h[6]))
  return h

# AdamW whose moments have taken different numbers of steps: p *= 1 - lr wd; m, v as in Adam;
# p -= lr (m / (1 - b1^tm)) / (sqrt(v / (1 - b2^tv)) + eps). h = [lr, b1, b2, eps, wd, tm, tv]
def adamw_apart_(self: __torch__.Ops, p: List[Tensor], g: List[Tensor], m: List[Tensor], v: List[Tensor], h: Tensor) -> Tensor:
  lr, b1, b2, eps = float(h[0]), float(h[1]), float(h[2]), float(h[3])
  decay = torch.sub(1.0, torch.mul(lr, float(h[4])))
  c1 = torch.sub(1.0, torch.pow(b1, float(h[5])))
  c2 = torch.sqrt(torch.sub(1.0, torch.pow(b2, float(h[6]))))
  for i in range(torch.len(p)):
    (self).ema_(m[i], g[i], b1, )
    (self).ema_square_(v[i], g[i], b2, )
    root = torch.add_(torch.div_(torch.sqrt(v[i]), c2), eps)
    _0 = torch.addcdiv_(torch.mul_(p[i], decay), m[i], root, value=torch.div(torch.neg(lr), c1))
  return h

# SGD on Adam's first moment: m = b1 m + (1 - b1) (g + wd p); p -= lr m. h = [lr, b1, wd]
def ema_sgd_(self: __torch__.Ops, p: List[Tensor], g: List[Tensor], m: List[Tensor], h: Tensor) -> Tensor:
  lr, b1, wd = float(h[0]), float(h[1]), float(h[2])
  for i in range(torch.len(p)):
    (self).ema_(m[i], torch.add(g[i], p[i], alpha=wd), b1, )
    _0 = torch.add_(p[i], m[i], alpha=torch.neg(lr))
  return h

# Lion: p *= 1 - lr wd; p -= lr sign(b1 m + (1 - b1) g); m = b2 m + (1 - b2) g. h = [lr, b1, b2, wd]
def lion_(self: __torch__.Ops, p: List[Tensor], g: List[Tensor], m: List[Tensor], h: Tensor) -> Tensor:
  lr, b1, b2 = float(h[0]), float(h[1]), float(h[2])
  decay = torch.sub(1.0, torch.mul(lr, float(h[3])))
  for i in range(torch.len(p)):
    u = torch.sign_(torch.add_(torch.mul(m[i], b1), g[i], alpha=torch.sub(1.0, b1)))
    _0 = torch.add_(torch.mul_(p[i], decay), u, alpha=torch.neg(lr))
    (self).ema_(m[i], g[i], b2, )
  return h

# Muon: b = mu b + (1 - mu) g; u = nesterov: mu b + (1 - mu) g, else b; x = newton_schulz(u as [out, rest]);
# p *= 1 - lr wd; p -= lr sqrt(max(1, r / c)) x, where r and c are the last two sizes of g as it is (kernel height and width for a
# convolution, as in the reference). h = [lr, mu, wd, steps, nesterov]
def muon_(self: __torch__.Ops, p: List[Tensor], g: List[Tensor], b: List[Tensor], h: Tensor) -> Tensor:
  lr, mu = float(h[0]), float(h[1])
  decay = torch.sub(1.0, torch.mul(lr, float(h[2])))
  for i in range(torch.len(p)):
    _0 = torch.lerp_(b[i], g[i], torch.sub(1.0, mu))
    if bool(h[4]):
      u = torch.lerp(g[i], b[i], mu)
    else:
      u = b[i]
    x = (self).orthogonal(torch.reshape(u, [torch.size(u, 0), -1]), int(h[3]), )
    stretch = torch.sqrt(torch.div(float(torch.size(u, -2)), float(torch.size(u, -1))))
    if torch.lt(stretch, 1.0):
      scale = 1.0
    else:
      scale = stretch
    _1 = torch.add_(torch.mul_(p[i], decay), torch.reshape(x, torch.size(u)), alpha=torch.neg(torch.mul(lr, scale)))
  return h

# the orthogonal factor of x [R,C], nearly: h[0] Newton-Schulz steps
def newton_schulz(self: __torch__.Ops, x: Tensor, h: Tensor) -> Tensor:
  return (self).orthogonal(x, int(h[0]), )

# x /= ||x|| + 1e-7; steps times { a = x x'; x = 3.4445 x + (-4.775 a + 2.0315 a a) x }; a tall x is transposed before and back after
def orthogonal(self: __torch__.Ops, x: Tensor, steps: int) -> Tensor:
  tall = torch.gt(torch.size(x, 0), torch.size(x, 1))
  if tall:
    y = torch.transpose(x, 0, 1)
  else:
    y = x
  y0 = torch.div(y, torch.add(torch.linalg_vector_norm(y, 2), 1.0e-07))
  for i in range(steps):
    a = torch.mm(y0, torch.transpose(y0, 0, 1))
    b = torch.add(torch.mul(a, -4.775), torch.mm(a, a), alpha=2.0315)
    y0 = torch.add(torch.mm(b, y0), y0, alpha=3.4445)
  if tall:
    out = torch.transpose(y0, 0, 1)
  else:
    out = y0
  return out

# AdamW with states in 8 bits where a has elements, in float32 where it has none (block-wise format: see quantise_): m, v as in Adam;
# p -= lr sqrt(1 - b2^t) / (1 - b1^t) * m / (sqrt(v) + eps sqrt(1 - b2^t)) with the moments before they are rounded; p *= 1 - lr wd.
# ma, va largest magnitudes. h = [lr, b1, b2, eps, wd, t]
def adamw_8bit_(self: __torch__.Ops, p: List[Tensor], g: List[Tensor], m: List[Tensor], v: List[Tensor], ma: List[Tensor], va: List[Tensor], h: Tensor) -> Tensor:
  signed = (self).dynamic_map(p[0], True, True, )
  unsigned = (self).dynamic_map(p[0], False, False, )
  lr, b1, b2, t = float(h[0]), float(h[1]), float(h[2]), float(h[5])
  c2 = torch.sqrt(torch.sub(1.0, torch.pow(b2, t)))
  rate = torch.div(torch.mul(torch.neg(lr), c2), torch.sub(1.0, torch.pow(b1, t)))
  eps = torch.mul(float(h[3]), c2)
  decay = torch.sub(1.0, torch.mul(lr, float(h[4])))
  for i in range(torch.len(p)):
    if torch.eq(torch.numel(ma[i]), 0):
      u = (self).adam_direction_(m[i], v[i], g[i], b1, b2, eps, )
    else:
      x = (self).blocks(g[i], m[i], )
      r = (self).rows(m[i], )
      for j in range((self).pieces(m[i], r, )):
        gj = (self).piece(x, j, r, )
        mj = (self).dequantise((self).piece(m[i], j, r, ), (self).piece(ma[i], j, r, ), signed, )
        vj = (self).dequantise((self).piece(v[i], j, r, ), (self).piece(va[i], j, r, ), unsigned, )
        uj = (self).adam_direction_(mj, vj, gj, b1, b2, eps, )
        (self).quantise_((self).piece(m[i], j, r, ), (self).piece(ma[i], j, r, ), mj, signed, )
        (self).quantise_((self).piece(v[i], j, r, ), (self).piece(va[i], j, r, ), vj, unsigned, )
        _0 = torch.copy_(gj, uj)
      u = (self).unblocked(x, p[i], )
    _1 = torch.mul_(torch.add_(p[i], u, alpha=rate), decay)
  return h

# m, v one step on; returns m / (sqrt(v) + eps)
def adam_direction_(self: __torch__.Ops, m: Tensor, v: Tensor, g: Tensor, b1: float, b2: float, eps: float) -> Tensor:
  (self).ema_rounded_(m, g, b1, )
  (self).ema_square_rounded_(v, g, b2, )
  return torch.div(m, torch.add_(torch.sqrt(v), eps))

# DualOptim+: see dual_plus_direction_ for u; p *= 1 - lr wd; p -= lr u. m, v are the objective's deltas, mb, vb the base.
# Returns the largest |u|. h = [lr, wd, b1, b2, base b1, base b2, eps, t of the objective, steps before this one, floor]
def dual_plus_(self: __torch__.Ops, p: List[Tensor], g: List[Tensor], m: List[Tensor], v: List[Tensor], mb: List[Tensor], vb: List[Tensor], h: Tensor) -> Tensor:
  lr = float(h[0])
  decay = torch.sub(1.0, torch.mul(lr, float(h[1])))
  k = (self).dual_plus_numbers(h, )
  largest = torch.zeros([], device=ops.prim.device(p[0]))
  g0 = (self).likes(g, p, )
  for i in range(torch.len(p)):
    for j in range((self).stretches(p[i], )):
      pj = (self).stretch(p[i], j, )
      u = (self).dual_plus_direction_((self).stretch(m[i], j, ), (self).stretch(v[i], j, ), (self).stretch(mb[i], j, ), (self).stretch(vb[i], j, ), (self).stretch(g0[i], j, ), k, )
      largest = torch.maximum(largest, torch.linalg_vector_norm(u, inf))
      _0 = torch.add_(torch.mul_(pj, decay), u, alpha=torch.neg(lr))
  return largest

# The same with states in 8 bits where ma has elements: the base vb is never negative and takes the unsigned map; m, mb take the signed
# one, v, which may be negative, the signed one with plain rounding.
def dual_plus_8bit_(self: __torch__.Ops, p: List[Tensor], g: List[Tensor], m: List[Tensor], v: List[Tensor], mb: List[Tensor], vb: List[Tensor], ma: List[Tensor], va: List[Tensor], mba: List[Tensor], vba: List[Tensor], h: Tensor) -> Tensor:
  signed = (self).dynamic_map(p[0], True, True, )
  plain = (self).dynamic_map(p[0], True, False, )
  unsigned = (self).dynamic_map(p[0], False, False, )
  lr = float(h[0])
  decay = torch.sub(1.0, torch.mul(lr, float(h[1])))
  k = (self).dual_plus_numbers(h, )
  largest = torch.zeros([], device=ops.prim.device(p[0]))
  for i in range(torch.len(p)):
    if torch.eq(torch.numel(ma[i]), 0):
      u = (self).dual_plus_direction_(m[i], v[i], mb[i], vb[i], g[i], k, )
    else:
      x = (self).blocks(g[i], m[i], )
      r = (self).rows(m[i], )
      for j in range((self).pieces(m[i], r, )):
        gj = (self).piece(x, j, r, )
        mj = (self).dequantise((self).piece(m[i], j, r, ), (self).piece(ma[i], j, r, ), signed, )
        vj = (self).dequantise((self).piece(v[i], j, r, ), (self).piece(va[i], j, r, ), plain, )
        mbj = (self).dequantise((self).piece(mb[i], j, r, ), (self).piece(mba[i], j, r, ), signed, )
        vbj = (self).dequantise((self).piece(vb[i], j, r, ), (self).piece(vba[i], j, r, ), unsigned, )
        uj = (self).dual_plus_direction_(mj, vj, mbj, vbj, gj, k, )
        (self).quantise_((self).piece(m[i], j, r, ), (self).piece(ma[i], j, r, ), mj, signed, )
        (self).quantise_((self).piece(v[i], j, r, ), (self).piece(va[i], j, r, ), vj, plain, )
        (self).quantise_((self).piece(mb[i], j, r, ), (self).piece(mba[i], j, r, ), mbj, signed, )
        (self).quantise_((self).piece(vb[i], j, r, ), (self).piece(vba[i], j, r, ), vbj, unsigned, )
        _0 = torch.copy_(gj, uj)
      u = (self).unblocked(x, p[i], )
    largest = torch.maximum(largest, torch.linalg_vector_norm(u, inf))
    _1 = torch.add_(torch.mul_(p[i], decay), u, alpha=torch.neg(lr))
  return largest

# b1, b2, base b1, base b2, eps, floor and the bias corrections of m, v, mb, vb (a base without steps is zero and needs none)
def dual_plus_numbers(self: __torch__.Ops, h: Tensor) -> List[float]:
  b1, b2, c1, c2 = float(h[2]), float(h[3]), float(h[4]), float(h[5])
  t, before = float(h[7]), float(h[8])
  if torch.eq(before, 0.):
    k1, k2 = 1.0, 1.0
  else:
    k1, k2 = torch.sub(1.0, torch.pow(c1, before)), torch.sub(1.0, torch.pow(c2, before))
  return [b1, b2, c1, c2, float(h[6]), float(h[9]), torch.sub(1.0, torch.pow(b1, t)), torch.sub(1.0, torch.pow(b2, t)), k1, k2]

# mh, vh = the corrected base as it was; m = b1 m + (1 - b1) (g - mh); v = b2 v + (1 - b2) (g^2 - vh);
# u = (m / (1 - b1^t) + mh) / (sqrt(s) + eps), s = |v / (1 - b2^t) + vh|, with a floor max(s, floor vh);
# last mb = c1 mb + (1 - c1) g, vb = c2 vb + (1 - c2) g^2. k as made above
def dual_plus_direction_(self: __torch__.Ops, m: Tensor, v: Tensor, mb: Tensor, vb: Tensor, g: Tensor, k: List[float]) -> Tensor:
  mh = torch.div(mb, k[8])
  vh = torch.div(vb, k[9])
  (self).ema_rounded_(m, torch.sub(g, mh), k[0], )
  (self).ema_rounded_(v, torch.sub(torch.mul(g, g), vh), k[1], )
  s = torch.abs_(torch.add_(torch.div(v, k[7]), vh))
  if torch.gt(k[5], 0.):
    s0 = torch.maximum(s, torch.mul_(vh, k[5]))
  else:
    s0 = s
  u = torch.div_(torch.add_(torch.div(m, k[6]), mh), torch.add_(torch.sqrt_(s0), k[4]))
  (self).ema_rounded_(mb, g, k[2], )
  (self).ema_square_rounded_(vb, g, k[3], )
  return u

# ---- parts of steps -------------------------------------------------------------------------------------------------------

# gradients that the fused kernels can walk together with their parameters
def likes(self: __torch__.Ops, g: List[Tensor], p: List[Tensor]) -> List[Tensor]:
  out = annotate(List[Tensor], [])
  for i in range(torch.len(p)):
    _0 = torch.append(out, (self).like(g[i], p[i], ))
  return out

# how many stretches of 2^17 elements x makes: steps of many operators work through large arrays in pieces that stay in the cache
def stretches(self: __torch__.Ops, x: Tensor) -> int:
  return torch.floordiv(torch.add(torch.numel(x), 131071), 131072)

# stretch j of x as it lies in memory, a view; x has no gaps, and arrays of equal strides are stretched alike
def stretch(self: __torch__.Ops, x: Tensor, j: int) -> Tensor:
  return torch.slice(torch.as_strided(x, [torch.numel(x)], [1]), 0, torch.mul(j, 131072), torch.mul(torch.add(j, 1), 131072))

# t once for each parameter: the fused kernels ask for a list
def steps(self: __torch__.Ops, p: List[Tensor], t: Tensor) -> List[Tensor]:
  t0 = torch.to(t, ops.prim.device(p[0]), 6)
  s = annotate(List[Tensor], [])
  for i in range(torch.len(p)):
    _0 = torch.append(s, t0)
  return s

# m = b m + (1 - b) x
def ema_(self: __torch__.Ops, m: Tensor, x: Tensor, b: float) -> NoneType:
  _0 = torch.add_(torch.mul_(m, b), x, alpha=torch.sub(1.0, b))
  return None

# v = b v + (1 - b) x^2
def ema_square_(self: __torch__.Ops, v: Tensor, x: Tensor, b: float) -> NoneType:
  _0 = torch.addcmul_(torch.mul_(v, b), x, x, value=torch.sub(1.0, b))
  return None

# The same means with every product rounded before it is added. An addition that scales one of its terms is one fused operation in
# the vectorised part of a kernel and may be two in its remainder, so that an element's last bit depends on its place and on the
# processor. Two states magnify that bit: in 8 bits it decides between two codes, in DualOptim+ two second moments nearly cancel.

# m = b m + (1 - b) x
def ema_rounded_(self: __torch__.Ops, m: Tensor, x: Tensor, b: float) -> NoneType:
  _0 = torch.add_(torch.mul_(m, b), torch.mul(x, torch.sub(1.0, b)))
  return None

# v = b v + (1 - b) x x
def ema_square_rounded_(self: __torch__.Ops, v: Tensor, x: Tensor, b: float) -> NoneType:
  _0 = torch.add_(torch.mul_(v, b), torch.mul_(torch.mul(x, torch.sub(1.0, b)), x))
  return None

# ---- 8-bit states ---------------------------------------------------------------------------------------------------------
# A state of n elements is codes [blocks, block] (uint8, C order, zeros appended) and the largest magnitude of each block [blocks, 1].
# Code c means map[0, c] times that magnitude; map[1, c] is the value up to which c is the nearest code.

# bitsandbytes' dynamic map: for i = 0..6 the midpoints of 2^i (signed) or 2^(i+1) equal parts of [0.1, 1], times 10^(i-6), with
# a sign their negatives too, and 0 and 1; ascending. The edge between two codes lies half-way; corrected, the one below 0 is 0 itself,
# so that no negative number is rounded to 0. [2,256]: values, edges
def dynamic_map(self: __torch__.Ops, p: Tensor, signed: bool, corrected: bool) -> Tensor:
  parts = [torch.zeros([1]), torch.ones([1])]
  n = 2
  if signed:
    n0 = 1
  else:
    n0 = n
  for i in range(7):
    ends = (self).tenth_to_one(n0, )
    middle = torch.div(torch.add(torch.slice(ends, 0, 0, n0), torch.slice(ends, 0, 1)), 2.0)
    part = torch.mul(middle, torch.pow(10.0, torch.sub(i, 6)))
    _0 = torch.append(parts, part)
    if signed:
      _1 = torch.append(parts, torch.neg(part))
    n0 = torch.mul(n0, 2)
  values, _2 = torch.sort(torch.cat(parts))
  edges = torch.div(torch.add(torch.slice(values, 0, 0, 255), torch.slice(values, 0, 1)), 2.0)
  if corrected:
    _3 = torch.fill_(torch.select(edges, 0, 126), -1.1754944e-38)
  return torch.to(torch.stack([values, torch.cat([edges, torch.ones([1])])]), ops.prim.device(p))

# The ends of n equal parts of [0.1, 1], n a power of 2, float32 [n + 1]. They are those of torch.linspace on the CPU in PyTorch 1.13:
# from the nearer end, one rounding at every eighth point, the points between added to it. torch.linspace itself rounds by version and
# device, but a code has to mean one number: DualOptim+ turns the last bit of a state into a visible step.
def tenth_to_one(self: __torch__.Ops, n: int) -> Tensor:
  tenth = torch.full([], 0.1, dtype=6)
  step = torch.to(torch.div(torch.rsub(tenth, 1.0), n), 7)
  k = torch.arange(0, torch.add(n, 1), dtype=7)
  if torch.gt(n, 8):
    lane = torch.remainder(k, 8.0)
  else:
    lane = torch.zeros_like(k)
  eighth = torch.sub(k, lane)
  low = torch.add(torch.to(tenth, 7), torch.mul(eighth, step))
  high = torch.rsub(torch.mul(torch.rsub(eighth, n), step), 1.0)
  nearer = torch.where(torch.lt(torch.mul(eighth, 2.0), n), low, high)
  return torch.add(torch.to(nearer, 6), torch.to(torch.mul(lane, step), 6))

# the elements of x in C order in the shape of the codes c, zeros appended; shares memory with x where it can
def blocks(self: __torch__.Ops, x: Tensor, c: Tensor) -> Tensor:
  flat = torch.reshape(x, [-1])
  missing = torch.sub(torch.numel(c), torch.numel(flat))
  if torch.gt(missing, 0):
    padded = torch.constant_pad_nd(flat, [0, missing])
  else:
    padded = flat
  return torch.view(padded, torch.size(c))

# the way back, in the shape of p
def unblocked(self: __torch__.Ops, x: Tensor, p: Tensor) -> Tensor:
  return torch.view(torch.slice(torch.reshape(x, [-1]), 0, 0, torch.numel(p)), torch.size(p))

# rows of c a piece: large states are worked through in pieces of about 2^16 elements, which stay in the cache
def rows(self: __torch__.Ops, c: Tensor) -> int:
  return torch.add(torch.floordiv(65535, torch.size(c, 1)), 1)

# how many pieces of so many rows c makes
def pieces(self: __torch__.Ops, c: Tensor, rows: int) -> int:
  return torch.floordiv(torch.sub(torch.add(torch.size(c, 0), rows), 1), rows)

# piece j of x, a view
def piece(self: __torch__.Ops, x: Tensor, j: int, rows: int) -> Tensor:
  return torch.slice(x, 0, torch.mul(j, rows), torch.mul(torch.add(j, 1), rows))

def dequantise(self: __torch__.Ops, c: Tensor, a: Tensor, map: Tensor) -> Tensor:
  values = torch.index_select(torch.select(map, 0, 0), 0, torch.to(torch.reshape(c, [-1]), 3))
  return torch.mul_(torch.view(values, torch.size(c)), a)

# codes c and magnitudes a become the nearest to x [blocks, block]
def quantise_(self: __torch__.Ops, c: Tensor, a: Tensor, x: Tensor, map: Tensor) -> NoneType:
  _0 = torch.copy_(a, torch.amax(torch.abs(x), [1], True))
  ratio = torch.div(x, torch.clamp_min(a, 1.1754944e-38))
  _1 = torch.copy_(c, torch.bucketize(ratio, torch.slice(torch.select(map, 0, 1), 0, 0, 255), out_int32=True))
  return None
