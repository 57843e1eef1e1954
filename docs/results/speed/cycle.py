#!/usr/bin/env python3
"""SFRon+DO cycles on ResNet-18 in PyTorch, as the official code runs them or tuned: the counterpart of `dualoptim speed`.

One cycle = 1 forget step (negative adaptive cross-entropy, mask, clip 7, AdamW) + 5 retain steps (cross-entropy, SGD).
as it comes: contiguous tensors, zero_grad() that fills with zeros, and after every retain iteration the weight average with weight 1,
  which deep-copies the model and changes nothing.
tuned: zero_grad(set_to_none=True), no average, channels_last input and model. Malloc is told by the environment.
Prints one JSON line.
"""
import argparse, copy, json, math, resource, statistics, time
import torch
from torch import nn
import torch.nn.functional as F

ap = argparse.ArgumentParser()
ap.add_argument("mode", choices=["plain", "tuned"])
ap.add_argument("--width", type=int, default=16)
ap.add_argument("--batch", type=int, default=128)
ap.add_argument("--cycles", type=int, default=1)
ap.add_argument("--size", type=int, default=32)
ap.add_argument("--rounds", type=int, default=1)
ap.add_argument("--warm", type=int, default=2, help="retain steps before the first round")
ap.add_argument("--threads", type=int, default=2)
args = ap.parse_args()
torch.set_num_threads(args.threads)
torch.manual_seed(1)
tuned = args.mode == "tuned"


class Block(nn.Module):
    def __init__(self, i, o, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(i, o, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(o)
        self.conv2 = nn.Conv2d(o, o, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(o)
        self.relu = nn.ReLU(inplace=True)
        self.downsample = None
        if stride != 1 or i != o:
            self.downsample = nn.Sequential(nn.Conv2d(i, o, 1, stride, bias=False), nn.BatchNorm2d(o))

    def forward(self, x):
        out = self.bn2(self.conv2(self.relu(self.bn1(self.conv1(x)))))
        out = out + (x if self.downsample is None else self.downsample(x))
        return self.relu(out)


class ResNet18(nn.Module):
    def __init__(self, w, classes=10):
        super().__init__()
        self.register_buffer("mean", torch.tensor([0.4914, 0.4822, 0.4465]).view(1, 3, 1, 1))
        self.register_buffer("std", torch.tensor([0.247, 0.2435, 0.2616]).view(1, 3, 1, 1))
        self.conv1 = nn.Conv2d(3, w, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(w)
        self.relu = nn.ReLU(inplace=True)
        blocks, i = [], w
        for stage in range(4):
            for k in range(2):
                o = w << stage
                blocks.append(Block(i, o, 2 if k == 0 and stage > 0 else 1))
                i = o
        self.blocks = nn.Sequential(*blocks)
        self.pool = nn.AdaptiveAvgPool2d((1, 1))
        self.fc = nn.Linear(i, classes)
        for m in self.modules():
            if isinstance(m, nn.Conv2d):
                nn.init.kaiming_normal_(m.weight, mode="fan_out", nonlinearity="relu")

    def forward(self, x):
        x = (x - self.mean) / self.std
        return self.fc(torch.flatten(self.pool(self.blocks(self.relu(self.bn1(self.conv1(x))))), 1))


model = ResNet18(args.width)
images = torch.rand(2, args.batch, 3, args.size, args.size)
labels = torch.arange(args.batch) % 10
if tuned:
    model = model.to(memory_format=torch.channels_last)
params = list(model.parameters())
forget_opt = torch.optim.AdamW(params, lr=1e-4, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.05)
retain_opt = torch.optim.SGD(params, lr=0.01, momentum=0.9, weight_decay=5e-4)


def batch(which):
    x = images[which].clone()  # a loader hands over a new tensor each time
    return (x.contiguous(memory_format=torch.channels_last) if tuned else x), labels


# the mask: ratio of Fisher diagonals, evaluation mode
model.eval()
fisher = []
for which in (0, 1):
    x, y = batch(which)
    fisher.append([g * g for g in torch.autograd.grad(F.cross_entropy(model(x), y), params)])
mask = [((a + 1e-15) / (b + 1e-15) >= 1).to(a.dtype) for a, b in zip(*fisher)]
model.train()
norms = []



def forget(alpha):
    x, y = batch(0)
    losses = F.cross_entropy(model(x), y, reduction="none")
    with torch.no_grad():
        c = 1 / (losses ** 0.5 + 1e-15)
    loss = -alpha * (c * losses).sum() / c.sum()
    forget_opt.zero_grad(set_to_none=tuned)
    loss.backward()
    for p, m in zip(params, mask):
        p.grad *= m
    norms.append(float(nn.utils.clip_grad_norm_(params, 7.0)))
    forget_opt.step()


def retain():
    x, y = batch(1)
    loss = F.cross_entropy(model(x), y)
    retain_opt.zero_grad(set_to_none=tuned)
    loss.backward()
    retain_opt.step()
    if not tuned:  # the average with weight 1 on the new weights
        before = copy.deepcopy(model)
        with torch.no_grad():
            for a, b in zip(model.parameters(), before.parameters()):
                a.mul_(1.0).add_(b, alpha=0.0)


def cycle(k, n):
    forget((1 + math.cos(math.pi * k / n)) / 2)
    for _ in range(5):
        retain()


forget(1.0)  # warm-up
for _ in range(args.warm):
    retain()
taken = []
for r in range(args.rounds):
    start = time.perf_counter()
    for k in range(args.cycles):
        cycle(k, args.cycles + 1)
    taken.append((time.perf_counter() - start) * 1e3 / args.cycles)
print(json.dumps({"work": "python " + args.mode, "torch": torch.__version__, "threads": torch.get_num_threads(), "width": args.width,
                  "cycle_ms": statistics.median(taken), "rounds_cycle_ms": taken,
                  "faults_per_step": None, "peak_rss_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}))
