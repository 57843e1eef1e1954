# Operators of the networks for images; the core's ops.py explains the dialect.
#
# Those that say "in place" overwrite x although a graph is recorded. That is allowed where nothing else needs x: a normalisation keeps its
# input for the gradient, not its output. It saves an array as large as the activation, and the time to walk through it.

# max(x, 0), in place
def relu(self: __torch__.Ops, x: Tensor) -> Tensor:
  return torch.relu_(x)

# max(x + y, 0), in place; y stays as it is
def add_relu(self: __torch__.Ops, x: Tensor, y: Tensor) -> Tensor:
  return torch.relu_(torch.add_(x, y))

# x [N,C,H,W] with h[0] channels of zeros on either side
def pad_channels(self: __torch__.Ops, x: Tensor, h: Tensor) -> Tensor:
  return torch.constant_pad_nd(x, [0, 0, 0, 0, int(h[0]), int(h[0])], 0)

# 3x3 convolution with stride 1 and padding 1 of maps of 4x4 as products of matrices, Winograd's F(2x2, 3x3) (Lavin and Gray 2016, arXiv
# 1509.09308): x [N,C,4,4], w [3,3,O,C] -> [N,O,4,4] channels last. Along one axis, 2 tiles of 4 inputs give 2 outputs each:
#   b [frequency, tile, input]   what the tile's inputs contribute to a frequency (the padding's zeros are left out)
#   g [frequency, tap]           the same of the kernel's taps
#   a [output, frequency, tile]  what an output takes of each frequency of its tile
# An axis pair is the outer product. The channels are then summed by one product of matrices a frequency: 16 multiplications for 4 outputs
# instead of 36. It rounds about as a direct convolution does: what the transforms add, sums of C terms instead of 9 C save.
def conv_4x4(self: __torch__.Ops, x: Tensor, w: Tensor) -> Tensor:
  n = torch.size(x, 0)
  c = torch.size(x, 1)
  o = torch.size(w, 2)
  b = torch.tensor([0., -1., 0., 0., 0., 1., 0., -1., 1., 1., 0., 0., 0., 0., 1., 1., -1., 1., 0., 0., 0., 0., -1., 1., 1., 0., -1., 0., 0., 0., 1., 0.], dtype=6)
  g = torch.tensor([1., 0., 0., 0.5, 0.5, 0.5, 0.5, -0.5, 0.5, 0., 0., 1.], dtype=6)
  a = torch.tensor([1., 0., 1., 0., 1., 0., 0., 0., 0., 0., 1., 0., -1., 0., -1., 0., 0., 1., 0., 1., 0., 1., 0., 0., 0., 0., 0., 1., 0., -1., 0., -1.], dtype=6)
  bb = torch.reshape(torch.mul(torch.view(b, [4, 1, 2, 1, 4, 1]), torch.view(b, [4, 1, 2, 1, 4])), [64, 16])
  gg = torch.reshape(torch.mul(torch.view(g, [4, 1, 3, 1]), torch.view(g, [4, 1, 3])), [16, 9])
  aa = torch.reshape(torch.mul(torch.view(a, [4, 1, 4, 1, 2, 1]), torch.view(a, [4, 1, 4, 1, 2])), [16, 64])
  inputs = torch.mm(bb, torch.reshape(torch.permute(x, [2, 3, 0, 1]), [16, torch.mul(n, c)]))
  kernels = torch.mm(gg, torch.reshape(w, [9, torch.mul(o, c)]))
  sums = torch.bmm(torch.view(inputs, [16, -1, c]), torch.transpose(torch.view(kernels, [16, o, c]), 1, 2))
  y = torch.mm(aa, torch.view(sums, [64, torch.mul(n, o)]))
  return torch.contiguous(torch.permute(torch.view(y, [4, 4, n, o]), [2, 3, 0, 1]), memory_format=2)
