# A retain step's forward and backward pass on a ResNet-18 in one call: what the engine takes for it when nothing comes between two
# operators. The core's ops.py explains the dialect.

# The loss and its gradients. x [N,3,H,W] channels last, y [N] labels, p the network's trained arrays in state-dict order, s mean and
# std of the data and then the running statistics in the same order
def retain(self: __torch__.Ops, x: Tensor, y: Tensor, p: List[Tensor], s: List[Tensor]) -> List[Tensor]:
  centred = torch.sub(x, torch.view(s[0], [1, 3, 1, 1]))
  h = torch.div_(centred, torch.view(s[1], [1, 3, 1, 1]))
  h = torch.relu_((self).conv_norm(h, p, s, 0, 2, 1, 1, ))
  n = 3
  m = 4
  for block in range(8):
    halves = False
    if torch.gt(block, 0):
      halves = torch.eq(torch.remainder(block, 2), 0)
    stride = 1
    if halves:
      stride = 2
    a = torch.relu_((self).conv_norm(h, p, s, n, m, stride, 1, ))
    b = (self).conv_norm(a, p, s, torch.add(n, 3), torch.add(m, 2), 1, 1, )
    n = torch.add(n, 6)
    m = torch.add(m, 4)
    carried = h
    if halves:
      sampled = torch.avg_pool2d(h, [1, 1], [2, 2], [0, 0], False, True, None)
      carried = (self).conv_norm(sampled, p, s, n, m, 1, 0, )
      n = torch.add(n, 3)
      m = torch.add(m, 2)
    h = torch.relu_(torch.add_(b, carried))
  pooled = torch.flatten(torch.adaptive_avg_pool2d(h, [1, 1]), 1)
  loss = torch.cross_entropy_loss(torch.linear(pooled, p[n], p[torch.add(n, 1)]), y)
  out = annotate(List[Tensor], [])
  g = torch.autograd.grad([loss], p, None, False, False, True)
  for i in range(torch.len(p)):
    _0 = torch.append(out, unchecked_cast(Tensor, g[i]))
  return out

# batch normalisation of a convolution: weights p[n], p[n + 1], p[n + 2], running statistics s[m], s[m + 1]
def conv_norm(self: __torch__.Ops, x: Tensor, p: List[Tensor], s: List[Tensor], n: int, m: int, stride: int, padding: int) -> Tensor:
  y = torch.conv2d(x, p[n], None, [stride, stride], [padding, padding])
  return torch.batch_norm(y, p[torch.add(n, 1)], p[torch.add(n, 2)], s[m], s[torch.add(m, 1)], True, 0.1, 1.0e-05, False)
