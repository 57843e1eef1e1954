"""Writes the parity cases beside this file: losses, networks and whole unlearning runs, computed with NumPy in float64 from their definitions.

    python3 vision_cases.py        (NumPy 2; the files are the same bytes every time)

Networks get the weights of the fill rule. Every layer is written with its own backward pass; no automatic differentiation is involved.
"""

import json
import math
import pathlib
import struct

import numpy as np

HERE = pathlib.Path(__file__).parent
SOURCE = "vision_cases.py, NumPy float64"
TYPES = {np.dtype("float32"): "F32", np.dtype("int64"): "I64", np.dtype("uint8"): "U8"}


def write(name, kind, config, tensors, atol, rtol=1e-4, **overrides):
    header = {
        "__metadata__": {
            "format": "dualoptim-parity/1",
            "kind": kind,
            "config": json.dumps(config),
            "source": SOURCE,
            "rtol": str(rtol),
            "atol": str(atol),
            **{"atol/" + key: str(value) for key, value in overrides.items()},
        }
    }
    data = b""
    for key, value in tensors.items():
        value = np.asarray(value)
        value = value.astype(np.float32) if value.dtype == np.float64 else value
        raw = value.tobytes()
        header[key] = {
            "dtype": TYPES[value.dtype],
            "shape": list(value.shape),
            "data_offsets": [len(data), len(data) + len(raw)],
        }
        data += raw
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    (HERE / f"{name}.safetensors").write_bytes(struct.pack("<Q", len(text)) + text + data)


# ---- losses: value and gradient with respect to the logits ----------------------------------------------------------------------


def softmax(z):
    e = np.exp(z - z.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


def each(z, y):
    """Cross-entropy of each sample, and what its gradient is."""
    p = softmax(z)
    return -np.log(p[np.arange(len(y)), y]), p - np.eye(z.shape[1])[y]


def cross_entropy(z, y):
    l, g = each(z, y)
    return l.mean(), g / len(y)


def adaptive_ascent(z, y, lam):
    l, g = each(z, y)
    c = 1 / (l**lam + 1e-15)
    return -(c * l).sum() / c.sum(), -(c / c.sum())[:, None] * g


def kl_teacher(z, t, temperature):
    p, q = softmax(t / temperature), softmax(z / temperature)
    kl = (p * (np.log(p) - np.log(q))).sum() / len(z)
    return temperature**2 * kl, temperature * (q - p) / len(z)


# ---- networks -------------------------------------------------------------------------------------------------------------------


def fill(name, shape, i):
    e = np.arange(int(np.prod(shape)), dtype=np.uint64)
    mod = np.uint64(0xFFFFFFFF)
    z = (e * np.uint64(2654435761) + np.uint64(40503 * (i + 1))) & mod
    z ^= z >> np.uint64(16)
    z = (z * np.uint64(0x45D9F3B)) & mod
    z ^= z >> np.uint64(16)
    u = z.astype(np.float64) / 2**32 - 0.5
    vector = len(shape) < 2
    k = 0.2 if vector else math.sqrt(12 / np.prod(shape[1:]))
    base = 1 if vector and name.endswith(".weight") else 0
    return (base + k * u).astype(np.float32).astype(np.float64).reshape(shape)


class Net:
    """A residual network: resnet18 of some width, or resnet20s. Calling it leaves what backward needs on a tape."""

    def __init__(self, kind, classes, width=None, mean=None, std=None):
        self.mean, self.std = mean, std
        self.projection = kind == "resnet18"
        width = width if self.projection else 16
        stages, blocks = (4, 2) if self.projection else (3, 3)
        self.p, self.buffers, self.tape, self.blocks = {}, {}, [], []
        self._conv("conv1", "bn1", 3, width, 3)
        last = width
        for s in range(stages):
            for b in range(blocks):
                out, stride = width << s, 2 if b == 0 and s > 0 else 1
                name = f"layer{s + 1}.{b}"
                self._conv(name + ".conv1", name + ".bn1", last, out, 3)
                self._conv(name + ".conv2", name + ".bn2", out, out, 3)
                changes = last != out or stride != 1
                if changes and self.projection:
                    self._conv(name + ".downsample.0", name + ".downsample.1", last, out, 1)
                self.blocks.append((name, stride, changes, (out - last) // 2))
                last = out
        self.p["fc.weight"], self.p["fc.bias"] = np.zeros((classes, last)), np.zeros(classes)
        self.p = {name: fill(name, value.shape, i) for i, (name, value) in enumerate(self.p.items())}

    def _conv(self, conv, norm, inputs, outputs, kernel):
        self.p[conv + ".weight"] = np.zeros((outputs, inputs, kernel, kernel))
        self.p[norm + ".weight"], self.p[norm + ".bias"] = np.zeros(outputs), np.zeros(outputs)
        self.buffers[norm + ".running_mean"] = np.zeros(outputs)
        self.buffers[norm + ".running_var"] = np.ones(outputs)

    # each layer returns its output and a function from the gradient of the output to that of the input

    def conv(self, x, name, stride):
        w = self.p[name + ".weight"]
        k = w.shape[2]
        pad = k // 2
        xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
        h, v = (xp.shape[2] - k) // stride + 1, (xp.shape[3] - k) // stride + 1

        def window(a, i, j):
            return a[:, :, i : i + stride * h : stride, j : j + stride * v : stride]

        y = sum(np.einsum("bchw,oc->bohw", window(xp, i, j), w[:, :, i, j]) for i in range(k) for j in range(k))

        def back(g):
            gx, gw = np.zeros_like(xp), np.zeros_like(w)
            for i in range(k):
                for j in range(k):
                    gw[:, :, i, j] = np.einsum("bohw,bchw->oc", g, window(xp, i, j))
                    window(gx, i, j)[...] += np.einsum("bohw,oc->bchw", g, w[:, :, i, j])
            self.g[name + ".weight"] = gw
            return gx[:, :, pad : gx.shape[2] - pad, pad : gx.shape[3] - pad]

        return y, back

    def norm(self, x, name, train):
        shape = (1, -1, 1, 1)
        n = x.size // x.shape[1]
        mean, var = self.buffers[name + ".running_mean"], self.buffers[name + ".running_var"]
        if train:
            m, v = x.mean((0, 2, 3)), x.var((0, 2, 3))
            self.buffers[name + ".running_mean"] = 0.9 * mean + 0.1 * m
            self.buffers[name + ".running_var"] = 0.9 * var + 0.1 * v * n / (n - 1)
        else:
            m, v = mean, var
        gamma = self.p[name + ".weight"]
        inverse = (1 / np.sqrt(v + 1e-5)).reshape(shape)
        xh = (x - m.reshape(shape)) * inverse

        def back(g):
            gb, gg = g.sum((0, 2, 3)), (g * xh).sum((0, 2, 3))
            self.g[name + ".weight"], self.g[name + ".bias"] = gg, gb
            if train:
                g = g - gb.reshape(shape) / n - xh * gg.reshape(shape) / n
            return g * gamma.reshape(shape) * inverse

        return xh * gamma.reshape(shape) + self.p[name + ".bias"].reshape(shape), back

    def conv_norm(self, x, conv, norm, stride, train):
        y, back_conv = self.conv(x, conv, stride)
        y, back_norm = self.norm(y, norm, train)
        return y, lambda g: back_conv(back_norm(g))

    def block(self, x, name, stride, changes, pad, train):
        y, back1 = self.conv_norm(x, name + ".conv1", name + ".bn1", stride, train)
        hidden = np.maximum(y, 0)
        z, back2 = self.conv_norm(hidden, name + ".conv2", name + ".bn2", 1, train)
        if changes and self.projection:
            short, back_short = self.conv_norm(x, name + ".downsample.0", name + ".downsample.1", stride, train)
        elif changes:
            short = np.pad(x[:, :, ::2, ::2], ((0, 0), (pad, pad), (0, 0), (0, 0)))

            def back_short(g):
                gx = np.zeros_like(x)
                gx[:, :, ::2, ::2] = g[:, pad : g.shape[1] - pad]
                return gx

        else:
            short, back_short = x, lambda g: g
        out = np.maximum(z + short, 0)

        def back(g):
            g = g * (out > 0)
            return back1(back2(g) * (hidden > 0)) + back_short(g)

        return out, back

    def __call__(self, x, train):
        self.g, self.tape = {}, []
        if self.mean is not None:
            x = (x - np.reshape(self.mean, (1, 3, 1, 1))) / np.reshape(self.std, (1, 3, 1, 1))
        y, back = self.conv_norm(x, "conv1", "bn1", 1, train)
        stem = y
        self.tape.append(lambda g: back(g * (stem > 0)))
        x = np.maximum(y, 0)
        for name, stride, changes, pad in self.blocks:
            x, back_block = self.block(x, name, stride, changes, pad, train)
            self.tape.append(back_block)
        pooled = x.mean((2, 3))

        def back_head(g):
            self.g["fc.weight"], self.g["fc.bias"] = g.T @ pooled, g.sum(0)
            return np.broadcast_to((g @ self.p["fc.weight"])[:, :, None, None] / (x.shape[2] * x.shape[3]), x.shape)

        self.tape.append(back_head)
        return pooled @ self.p["fc.weight"].T + self.p["fc.bias"]

    def backward(self, g):
        for step in reversed(self.tape):
            g = step(g)
        return {name: self.g[name] for name in self.p}


# ---- optimizers -----------------------------------------------------------------------------------------------------------------


class Sgd:
    def __init__(self, t):
        self.t, self.b = t, {}

    def step(self, p, g, factor):
        for k in p:
            d = g[k] + self.t["weight_decay"] * p[k]
            self.b[k] = d if k not in self.b else self.t["momentum"] * self.b[k] + d
            p[k] = p[k] - self.t["lr"] * factor * self.b[k]


class AdamW:
    def __init__(self, t):
        self.t, self.m, self.v, self.n = t, {}, {}, 0

    def step(self, p, g, factor):
        (b1, b2), lr = self.t["betas"], self.t["lr"] * factor
        self.n += 1
        for k in p:
            self.m[k] = b1 * self.m.get(k, 0) + (1 - b1) * g[k]
            self.v[k] = b2 * self.v.get(k, 0) + (1 - b2) * g[k] ** 2
            root = np.sqrt(self.v[k] / (1 - b2**self.n)) + self.t["eps"]
            p[k] = p[k] * (1 - lr * self.t["weight_decay"]) - lr * self.m[k] / (1 - b1**self.n) / root


# ---- a whole run ----------------------------------------------------------------------------------------------------------------


def mask_of(net, method, x, y, batches):
    """SFRon's or SalUn's mask from one pass over each set, evaluation mode."""
    sums = {}
    for side in ("forget", "retain"):
        sums[side] = {k: 0.0 for k in net.p}
        for rows in batches[side]:
            g = net.backward(cross_entropy(net(x[rows], False), y[rows])[1])
            for k in g:
                sums[side][k] = sums[side][k] + (g[k] ** 2 if method["kind"] == "sfron" else g[k]) / len(batches[side])
    f, r = sums["forget"], sums["retain"]
    if method["kind"] == "sfron":
        return {k: (f[k] + 1e-15) / (r[k] + 1e-15) >= method["threshold"] for k in f}
    score = np.concatenate([(np.abs(f[k]) - np.abs(r[k])).ravel() for k in f])
    keep = np.zeros(score.size, bool)
    keep[np.argsort(-score, kind="stable")[: math.floor(method["ratio"] * score.size)]] = True
    masks, at = {}, 0
    for k in f:
        masks[k] = keep[at : at + f[k].size].reshape(f[k].shape)
        at += f[k].size
    return masks


def run(net, config, x, y):
    method, table = config["method"], config["optimizer"]
    make = lambda t: (Sgd if t["kind"] == "sgd" else AdamW)(t)
    if table["kind"] == "shared":
        one = make(table["optimizer"])
        optimizers = {"forget": one, "retain": one}
        scale = {o: table.get("lr_" + o, table["optimizer"]["lr"]) / table["optimizer"]["lr"] for o in optimizers}
    else:
        optimizers = {o: make(table[o]) for o in ("forget", "retain")}
        scale = {o: 1 for o in optimizers}
    kind = method["kind"]
    mask = mask_of(net, method, x, y, config["mask_batches"]) if kind in ("salun", "sfron") else None
    teacher = dict(net.p)
    losses, norms = [], []
    for step in config["batches"]:
        rows, side = step["indices"], step["objective"]
        labels = np.array(step.get("labels", y[rows]))
        factor = 1.0
        if "schedule" in config:
            factor = (1 + math.cos(math.pi * step["iteration"] / config["schedule"]["total"])) / 2
        if kind == "scrub":
            student, buffers = net.p, dict(net.buffers)
            net.p = teacher
            target = net(x[rows], True)
            net.p, net.buffers = student, buffers
        z = net(x[rows], True)
        if kind == "sfron" and side == "forget":
            loss, g = (method["alpha"] * factor * part for part in adaptive_ascent(z, labels, method["lambda"]))
        elif kind == "scrub" and side == "forget":
            loss, g = (-part for part in kl_teacher(z, target, 1))
        elif kind == "scrub":
            loss, g = (method["gamma"] * c + method["alpha"] * k for c, k in zip(cross_entropy(z, labels), kl_teacher(z, target, 1)))
        elif kind == "ga":
            loss, g = (-part for part in cross_entropy(z, labels))
        else:
            loss, g = cross_entropy(z, labels)
        g = net.backward(g)
        if mask is not None and (kind == "salun" or side == "forget"):
            g = {k: g[k] * mask[k] for k in g}
        norm = math.sqrt(sum((v**2).sum() for v in g.values()))
        if kind == "sfron" and side == "forget":
            shrink = min(1, method["max_norm"] / (norm + 1e-6))
            g, norm = {k: v * shrink for k, v in g.items()}, norm * shrink
        losses.append(loss)
        norms.append(norm)
        optimizers[side].step(net.p, g, factor * scale[side])
    return np.array(losses), np.array(norms)


# ---- the cases ------------------------------------------------------------------------------------------------------------------


def losses(random):
    z, t = random.normal(0, 2, (6, 5)).astype(np.float32), random.normal(0, 2, (6, 5)).astype(np.float32)
    y = random.integers(0, 5, 6)
    z64, t64 = z.astype(np.float64), t.astype(np.float64)
    for name, config, given, (loss, g) in (
        ("cross-entropy", {}, {"in/target": y}, cross_entropy(z64, y)),
        ("adaptive-ascent", {"lambda": 0.6}, {"in/target": y}, adaptive_ascent(z64, y, 0.6)),
        ("kl-teacher", {"temperature": 2.0}, {"in/teacher": t}, kl_teacher(z64, t64, 2.0)),
    ):
        tensors = {"in/logits": z, **given, "out/loss": loss, "out/grad": g}
        write("vision-loss-" + name, "vision-loss", {"loss": name, **config}, tensors, 1e-6, 1e-5)


def networks(random):
    for name, mode, table, size in (
        ("resnet18-train", "train", {"kind": "resnet18", "num_classes": 7, "width": 3}, 12),
        ("resnet18-eval", "eval", {"kind": "resnet18", "num_classes": 4, "width": 2, "mean": [0.4, 0.5, 0.6], "std": [0.2, 0.25, 0.3]}, 9),
        ("resnet20s-train", "train", {"kind": "resnet20s", "num_classes": 3}, 8),
    ):
        x = random.random((4, 3, size, size)).astype(np.float32)
        y = random.integers(0, table["num_classes"], 4)
        net = Net(table["kind"], table["num_classes"], table.get("width"), table.get("mean"), table.get("std"))
        z = net(x.astype(np.float64), mode == "train")
        loss, g = cross_entropy(z, y)
        g = net.backward(g)
        shown = [k for k in g if g[k].size <= 600]
        out = {"in/x": x, "in/target": y, "out/y": z, "out/loss": loss, **{"out/grad/" + k: g[k] for k in shown}}
        if mode == "train":
            out |= {"out/buffer/" + k: v for k, v in net.buffers.items()}
            out["out/buffer/bn1.num_batches_tracked"] = np.array(1)
        write("model-" + name, "model", {"model": table, "mode": mode, "fill": True}, out, 1e-5)


def runs(random):
    x = random.random((16, 3, 16, 16)).astype(np.float32)
    y = random.integers(0, 4, 16)
    forget, retain = [[0, 3, 5, 14, 15], [7, 9, 3, 5]], [[1, 2, 4, 6, 8], [8, 10, 11, 12, 13], [12, 13, 1, 8]]
    sgd = {"kind": "sgd", "lr": 0.02, "momentum": 0.9, "weight_decay": 5e-4}
    adamw = {"kind": "adamw", "lr": 1e-3, "betas": [0.9, 0.999], "eps": 1e-4, "weight_decay": 0.05}
    dual = {"kind": "dual", "forget": adamw, "retain": sgd}
    step = lambda o, rows, **more: {"objective": o, "indices": rows, **more}
    masks = {"mask_batches": {"forget": forget, "retain": retain}}
    passes = lambda f: [step("forget", rows, **f(i)) for i, rows in enumerate(forget)] + [step("retain", rows) for rows in retain]
    plain = passes(lambda i: {})
    relabelled = passes(lambda i: {"labels": [[3, 0, 2, 1, 1], [1, 1, 0, 2]][i]})
    cycles = [
        step("forget", forget[0], iteration=0),
        step("retain", retain[0], iteration=0),
        step("retain", retain[1], iteration=1),
        step("forget", forget[1], iteration=2),
        step("retain", retain[2], iteration=2),
        step("retain", retain[0], iteration=3),
    ]
    for name, config in (
        ("ga", {"method": {"kind": "ga"}, "optimizer": {"kind": "shared", "optimizer": sgd}, "batches": plain[:2]}),
        ("rl-two-rates", {"method": {"kind": "rl"}, "optimizer": {"kind": "shared", "optimizer": adamw, "lr_forget": 5e-4}, "batches": relabelled}),
        ("salun-dual", {"method": {"kind": "salun", "ratio": 0.3}, "optimizer": dual, "batches": relabelled, **masks}),
        ("scrub-dual", {"method": {"kind": "scrub", "alpha": 0.5, "gamma": 1.0}, "optimizer": dual, "batches": plain[2:] + plain}),
        (
            "sfron-dual",
            {
                "method": {"kind": "sfron", "alpha": 3.0, "lambda": 0.5, "max_norm": 0.5, "threshold": 1.0},
                "optimizer": dual,
                "schedule": {"kind": "cosine", "total": 4},
                "batches": cycles,
                **masks,
            },
        ),
    ):
        config = {"model": {"kind": "resnet18", "num_classes": 4, "width": 2}, "fill": True, **config}
        net = Net("resnet18", 4, 2)
        loss, norm = run(net, config, x.astype(np.float64), y)
        end = {**net.p, **net.buffers}
        shown = {"out/weights/" + k: v for k, v in end.items() if v.size <= 300}
        tensors = {"in/x": x, "in/y": y, "out/loss": loss, "out/grad_norm": norm, **shown}
        write("unlearn-" + name, "unlearn", config, tensors, 2e-5)


if __name__ == "__main__":
    losses(np.random.default_rng(1))
    networks(np.random.default_rng(2))
    runs(np.random.default_rng(3))
