# A library beside the core's, with an op of the same name that does something else.

# x rectified and multiplied by h[0]
def global_norm(self: __torch__.Ops, x: Tensor, h: Tensor) -> Tensor:
  return torch.mul(torch.relu(x), float(h[0]))
