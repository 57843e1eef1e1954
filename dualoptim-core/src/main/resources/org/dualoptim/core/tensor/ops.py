# The op library: what DJL's NDArray does not offer, in the dialect of a serialised TorchScript module.
#
# Rules of the dialect: every operator is written out (torch.add(a, b), no sugar), an argument is a Tensor or a List[Tensor],
# numbers travel in one float64 tensor h whose entries each op names. An op whose name ends in _ changes its first list in place and
# runs without a graph; every other op is differentiable.
class Ops(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  def forward(self: __torch__.Ops, x: Tensor) -> Tensor:
    return x

  # ---- gradients ------------------------------------------------------------------------------------------------------------

  # d loss / d p, a tensor for every p in p's memory format; zeros where the loss does not reach. Frees the graph.
  def grads(self: __torch__.Ops, loss: Tensor, p: List[Tensor]) -> List[Tensor]:
    g = torch.autograd.grad([loss], p, None, False, False, True)
    out = annotate(List[Tensor], [])
    for i in range(torch.len(p)):
      gi = g[i]
      if torch.__is__(gi, None):
        _0 = torch.append(out, torch.zeros_like(p[i]))
      else:
        _1 = torch.append(out, (self).like(unchecked_cast(Tensor, gi), p[i], ))
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

  # <a, b> / (||a|| ||b||) over all elements of all arrays, []; 0 where one of them is zero
  def global_cosine(self: __torch__.Ops, a: List[Tensor], b: List[Tensor]) -> Tensor:
    dots = annotate(List[Tensor], [])
    for i in range(torch.len(a)):
      _0 = torch.append(dots, torch.sum(torch.mul(a[i], b[i])))
    dot = torch.sum(torch.stack(dots))
    norms = torch.mul((self).global_norm(a, ), (self).global_norm(b, ))
    return torch.div(dot, torch.clamp_min(norms, 1.0e-38))

  # ||a - b|| over all arrays, then b becomes a: the length of the last update, with b the snapshot it was taken from
  def moved_(self: __torch__.Ops, b: List[Tensor], a: List[Tensor]) -> Tensor:
    norm = (self).global_norm(torch._foreach_sub(a, b), )
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

  # x [N,C,H,W] at every second row and column, h[0] channels of zeros on either side: the parameter-free shortcut of CIFAR ResNets
  def subsample_and_pad(self: __torch__.Ops, x: Tensor, h: Tensor) -> Tensor:
    half = torch.slice(torch.slice(x, 2, 0, 9223372036854775807, 2), 3, 0, 9223372036854775807, 2)
    return torch.constant_pad_nd(half, [0, 0, 0, 0, int(h[0]), int(h[0])], 0)

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

  # T^2 KL(softmax(teacher / T) || softmax(logits / T)), summed over classes, mean over the batch, []. h = [T]
  def kl_teacher(self: __torch__.Ops, logits: Tensor, teacher: Tensor, h: Tensor) -> Tensor:
    t = float(h[0])
    log_q = torch.log_softmax(torch.div(logits, t), 1)
    log_p = torch.log_softmax(torch.div(torch.detach(teacher), t), 1)
    kl = torch.sum(torch.mul(torch.exp(log_p), torch.sub(log_p, log_q)))
    return torch.mul(torch.div(kl, torch.size(logits, 0)), torch.mul(t, t))

  # ---- linear algebra -------------------------------------------------------------------------------------------------------

  # eigenvalues of the symmetric a [D,D], ascending, [D]
  def eigvalsh(self: __torch__.Ops, a: Tensor) -> Tensor:
    return torch.linalg_eigvalsh(a)

  # eigenvalues [D] ascending and eigenvectors [D,D] in columns
  def eigh(self: __torch__.Ops, a: Tensor) -> List[Tensor]:
    w, v = torch.linalg_eigh(a)
    return [w, v]

  # ---- optimizer steps: p parameters, g gradients, h numbers; states as named --------------------------------------------------

  # SGD: d = g + wd p; b = mu b + d (first step b = d); p -= lr (nesterov: d + mu b, else b). h = [lr, mu, wd, nesterov, first]
  def sgd_(self: __torch__.Ops, p: List[Tensor], g: List[Tensor], b: List[Tensor], h: Tensor) -> Tensor:
    torch._fused_sgd_(p, g, b, weight_decay=float(h[2]), momentum=float(h[1]), lr=float(h[0]), dampening=0., nesterov=bool(h[3]), maximize=False, is_first_step=bool(h[4]))
    return h

  # AdamW: p *= 1 - lr wd; m, v moments; p -= lr (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + eps). h = [lr, b1, b2, eps, wd, t]
  def adamw_(self: __torch__.Ops, p: List[Tensor], g: List[Tensor], m: List[Tensor], v: List[Tensor], h: Tensor) -> Tensor:
    t = torch.to(h[5], 6)
    s = annotate(List[Tensor], [])
    for i in range(torch.len(p)):
      _0 = torch.append(s, t)
    x = annotate(List[Tensor], [])
    torch._fused_adamw_(p, g, m, v, x, s, lr=float(h[0]), beta1=float(h[1]), beta2=float(h[2]), weight_decay=float(h[4]), eps=float(h[3]), amsgrad=False, maximize=False)
    return h
