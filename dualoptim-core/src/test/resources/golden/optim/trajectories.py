"""Writes the parity cases beside this file: trajectories of every optimizer table, computed with NumPy from the formulas in the javadoc.

    python3 trajectories.py        (NumPy 2; the files are the same bytes every time)

float64, but for two rules that are float32 operation by operation as the formulas say: 8-bit states, because a code depends on the last bit, and
DualOptim+, because its denominator can cancel and then its last bits are what is left.
"""

import json
import pathlib
import struct

import numpy as np

HERE = pathlib.Path(__file__).parent
F32 = np.float32
SHAPES = [(6, 5), (5,), (4, 2, 3, 3)]
MATRICES = [(6, 4), (3, 7), (9, 2, 1, 1), (4, 2, 3, 2)]


class Sgd:
    def __init__(self, t):
        self.t, self.b = t, None

    def step(self, p, g, lr):
        mu = self.t["momentum"]
        d = g + self.t["weight_decay"] * p
        self.b = d if self.b is None else mu * self.b + d
        return p - lr * (d + mu * self.b if self.t.get("nesterov") else self.b)


class Adam:
    def __init__(self, t):
        self.t, self.m, self.v, self.n = t, 0.0, 0.0, 0

    def step(self, p, g, lr):
        (b1, b2), wd = self.t["betas"], self.t["weight_decay"]
        decay = 1 - lr * wd
        after = self.t.get("decay") == "after"
        if self.t["kind"] == "adam":
            g = g + wd * p
        elif not after:
            p = p * decay
        self.n += 1
        self.m = b1 * self.m + (1 - b1) * g
        self.v = b2 * self.v + (1 - b2) * g * g
        p = p - lr * self.m / (1 - b1**self.n) / (np.sqrt(self.v / (1 - b2**self.n)) + self.t["eps"])
        return p * decay if after else p


class Lion:
    def __init__(self, t):
        self.t, self.m = t, 0.0

    def step(self, p, g, lr):
        b1, b2 = self.t["betas"]
        p = p * (1 - lr * self.t["weight_decay"]) - lr * np.sign(b1 * self.m + (1 - b1) * g)
        self.m = b2 * self.m + (1 - b2) * g
        return p


def newton_schulz(x, steps):
    tall = x.shape[0] > x.shape[1]
    x = x.T if tall else x
    x = x / (np.linalg.norm(x) + 1e-7)
    for _ in range(steps):
        a = x @ x.T
        x = 3.4445 * x + (-4.775 * a + 2.0315 * a @ a) @ x
    return x.T if tall else x


class Muon:
    def __init__(self, t):
        self.t, self.b, self.other = t, 0.0, None

    def step(self, p, g, lr):
        if p.ndim < 2:
            rest = self.t["fallback"]
            self.other = self.other or PLAIN[rest["kind"]](rest)
            return self.other.step(p, g, rest["lr"] * lr / self.t["lr"])
        mu = self.t["momentum"]
        self.b = mu * self.b + (1 - mu) * g
        u = mu * self.b + (1 - mu) * g if self.t["nesterov"] else self.b
        x = newton_schulz(u.reshape(u.shape[0], -1), self.t["ns_steps"]).reshape(u.shape)
        return p * (1 - lr * self.t["weight_decay"]) - lr * np.sqrt(max(1, u.shape[-2] / u.shape[-1])) * x


def tenth_to_one(n):
    # torch.linspace of PyTorch 1.13 on the CPU: from the nearer end, in eights
    step = float(F32(F32(1) - F32(0.1)) / F32(n))
    k = np.arange(n + 1)
    lane = k % 8 if n > 8 else 0 * k
    eighth = k - lane
    nearer = np.where(2 * eighth < n, float(F32(0.1)) + eighth * step, 1 - (n - eighth) * step)
    return nearer.astype(F32) + (lane * step).astype(F32)


def dynamic_map(signed):
    out = [F32(0), F32(1)]
    for i in range(7):
        n = 2**i * (1 if signed else 2)
        ends = tenth_to_one(n)
        for low, high in zip(ends, ends[1:]):
            value = F32(10.0 ** (i - 6)) * ((low + high) / F32(2))
            out += [value, -value] if signed else [value]
    return np.sort(np.array(out, F32))


SIGNED, UNSIGNED = dynamic_map(True), dynamic_map(False)


class State8:
    """A state of one array in blocks of codes, or in float32 where it is small."""

    def __init__(self, t, map_, corrected=False):
        small = np.inf if t.get("states") == "fp32" else 4096
        self.block, self.least = t.get("block_size", 256), t.get("min_8bit_size", small)
        self.map, self.corrected, self.value = map_, corrected, F32(0)

    def put(self, x):
        if x.size < self.least:
            self.value = x
            return
        blocks = np.concatenate([x.ravel(), np.zeros(-x.size % self.block, F32)]).reshape(-1, self.block)
        largest = np.abs(blocks).max(1, keepdims=True)
        ratio = blocks / np.where(largest == 0, F32(1), largest)
        codes = np.searchsorted((self.map[1:] + self.map[:-1]) / F32(2), ratio, side="left")
        if self.corrected:
            codes = np.where((ratio < 0) & (self.map[codes] == 0), codes - 1, codes)
        self.value = (self.map[codes] * largest).ravel()[: x.size].reshape(x.shape)


def ema(m, x, b):
    return m * F32(b) + F32(1 - b) * x


def ema_square(v, x, b):
    return v * F32(b) + F32(1 - b) * x * x


class AdamW8bit:
    def __init__(self, t):
        self.t, self.m, self.v, self.n = t, State8(t, SIGNED, True), State8(t, UNSIGNED), 0

    def step(self, p, g, lr):
        (b1, b2), p, g = self.t["betas"], p.astype(F32), g.astype(F32)
        self.n += 1
        m, v = ema(self.m.value, g, b1), ema_square(self.v.value, g, b2)
        c2 = np.sqrt(1 - b2**self.n)
        p = p - F32(lr * c2 / (1 - b1**self.n)) * (m / (np.sqrt(v) + F32(self.t["eps"] * c2)))
        self.m.put(m)
        self.v.put(v)
        return p * F32(1 - lr * self.t["weight_decay"])


PLAIN = {"sgd": Sgd, "adam": Adam, "adamw": Adam, "lion": Lion, "muon": Muon, "adamw-8bit": AdamW8bit}


class Shared:
    def __init__(self, t):
        self.t, self.one = t, PLAIN[t["optimizer"]["kind"]](t["optimizer"])

    def step(self, o, p, g, factor):
        return self.one.step(p, g, factor * self.t.get("lr_" + o, self.t["optimizer"]["lr"]))


class Dual:
    def __init__(self, t):
        self.t, self.of = t, {o: PLAIN[t[o]["kind"]](t[o]) for o in ("forget", "retain")}

    def step(self, o, p, g, factor):
        return self.of[o].step(p, g, factor * self.t[o]["lr"])


class DualAdamLlm(Dual):
    def __init__(self, t):
        rest = {k: t[k] for k in ("betas", "eps", "weight_decay")}
        super().__init__({o: {"kind": "adamw", "decay": "after", "lr": t["lr_" + o], **rest} for o in ("forget", "retain")})


class Hybrid:
    def __init__(self, t):
        self.t, self.m, self.v, self.n = t, 0.0, 0.0, 0

    def step(self, o, p, g, factor):
        b1, b2 = self.t["betas"]
        g = g + self.t["weight_decay"] * p
        self.m = b1 * self.m + (1 - b1) * g
        if o == "retain":
            return p - factor * self.t["lr_sgd"] * self.m
        self.n += 1
        self.v = b2 * self.v + (1 - b2) * g * g
        return p - factor * self.t["lr_adam"] * self.m / (1 - b1**self.n) / (np.sqrt(self.v / (1 - b2**self.n)) + self.t["eps"])


class DecoupledAdamW:
    def __init__(self, t):
        self.t = t
        self.n = {"all": 0, "forget": 0, "retain": 0}
        self.m, self.v = dict.fromkeys(self.n, 0.0), dict.fromkeys(self.n, 0.0)

    def step(self, o, p, g, factor):
        t, (b1, b2) = self.t, self.t["betas"]
        lr = factor * t["lr_" + o]
        for k in ("all", o):
            self.n[k] += 1
        count_m, count_v = (o if t[k] else "all" for k in ("decouple_m", "decouple_v"))
        of_m, of_v = (count_m, count_v) if t["semantics"] == "exact" else ("all", "all")
        self.m[of_m] = b1 * self.m[of_m] + (1 - b1) * g
        self.v[of_v] = b2 * self.v[of_v] + (1 - b2) * g * g
        root = np.sqrt(self.v[of_v] / (1 - b2 ** self.n[count_v])) + t["eps"]
        return p * (1 - lr * t["weight_decay"]) - lr * self.m[of_m] / (1 - b1 ** self.n[count_m]) / root


class DualPlus:
    def __init__(self, t):
        self.t = t
        self.n = {"base": 0, "forget": 0, "retain": 0}
        self.m = {k: State8(t, SIGNED, True) for k in self.n}
        self.v = {k: State8(t, UNSIGNED if k == "base" else SIGNED) for k in self.n}

    def step(self, o, p, g, factor):
        t, (b1, b2), (c1, c2) = self.t, self.t["betas"], self.t["base_betas"]
        lr, before, p, g = factor * t["lr_" + o], self.n["base"], p.astype(F32), g.astype(F32)
        for k in ("base", o):
            self.n[k] += 1
        mh = self.m["base"].value / F32(1 - c1**before if before else 1)
        vh = self.v["base"].value / F32(1 - c2**before if before else 1)
        m, v = ema(self.m[o].value, g - mh, b1), ema(self.v[o].value, g * g - vh, b2)
        s = np.maximum(np.abs(v / F32(1 - b2 ** self.n[o]) + vh), F32(t.get("v_floor", 0)) * vh)
        u = (m / F32(1 - b1 ** self.n[o]) + mh) / (np.sqrt(s) + F32(t["eps"]))
        base = ema(self.m["base"].value, g, c1), ema_square(self.v["base"].value, g, c2)
        for state, x in ((self.m[o], m), (self.v[o], v), (self.m["base"], base[0]), (self.v["base"], base[1])):
            state.put(x)
        return p * F32(1 - lr * t["weight_decay"]) - F32(lr) * u


BY_OBJECTIVE = {
    "shared": Shared,
    "dual": Dual,
    "dual-adam-llm": DualAdamLlm,
    "hybrid-adam-sgd": Hybrid,
    "decoupled-adamw": DecoupledAdamW,
    "dual-plus": DualPlus,
}


def write(name, optimizer, shapes, schedule, factors, rtol, atol):
    rng = np.random.default_rng(sum(name.encode()))
    tensors, p = {}, []
    for i, shape in enumerate(shapes):
        p.append(rng.standard_normal(shape).astype(F32))
        tensors[f"in/param/{i}"] = p[i]
    table = {"kind": "shared", "optimizer": optimizer} if optimizer["kind"] in PLAIN else optimizer
    rules = [BY_OBJECTIVE[table["kind"]](table) for _ in shapes]
    for k, objective in enumerate(schedule):
        for i, shape in enumerate(shapes):
            g = (rng.standard_normal(shape) * 10.0 ** rng.uniform(-2, 0.5)).astype(F32)
            tensors[f"in/grad/{k}/{i}"] = g
            exact = p[i].astype(np.float64)
            p[i] = rules[i].step(objective, exact, g.astype(np.float64), factors[k] if factors else 1)
            if k in (0, len(schedule) - 1):
                tensors[f"out/param/{k}/{i}"] = p[i].astype(F32)
    config = {"optimizer": optimizer, "schedule": schedule} | ({"lr_factor": factors} if factors else {})
    header, offset = {}, 0
    header["__metadata__"] = {
        "format": "dualoptim-parity/1",
        "kind": "optimizer",
        "config": json.dumps(config),
        "source": "trajectories.py (NumPy)",
        "rtol": repr(rtol),
        "atol": repr(atol),
    }
    for key, x in tensors.items():
        header[key] = {"dtype": "F32", "shape": list(x.shape), "data_offsets": [offset, offset + 4 * x.size]}
        offset += 4 * x.size
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    data = b"".join(x.astype("<f4").tobytes() for x in tensors.values())
    (HERE / f"{name}.safetensors").write_bytes(struct.pack("<Q", len(text)) + text + data)


F, R = "forget", "retain"
MIXED = [F, R, R, F, R, R, R, F]
COSINE = [round(0.5 * (1 + float(np.cos(np.pi * k / 8))), 6) for k in range(8)]
BETAS = {"betas": [0.9, 0.99], "eps": 1e-8, "weight_decay": 0.1}
EIGHT = {"block_size": 24, "min_8bit_size": 30}
SGD = {"kind": "sgd", "lr": 0.05, "momentum": 0.8, "weight_decay": 0.02}
ADAMW = {"kind": "adamw", "lr": 0.01, **BETAS}
LION = {"kind": "lion", "lr": 0.01, "betas": [0.8, 0.95], "weight_decay": 0.3}
MUON = {"kind": "muon", "lr": 0.03, "momentum": 0.9, "weight_decay": 0.2, "ns_steps": 4, "nesterov": False}
RATES = {"lr_forget": 0.01, "lr_retain": 0.03}
PLUS = {"kind": "dual-plus", **RATES, **BETAS, "base_betas": [0.8, 0.95]}
APART = {"kind": "decoupled-adamw", **RATES, **BETAS}
CASES = {
    "sgd-nesterov": (SGD | {"nesterov": True}, SHAPES),
    "sgd-without-momentum": (SGD | {"momentum": 0.0}, SHAPES),
    "adam-large-eps": (ADAMW | {"kind": "adam", "eps": 0.01}, SHAPES),
    "adamw-decay-after": (ADAMW | {"decay": "after"}, SHAPES),
    "shared-two-rates": ({"kind": "shared", "optimizer": ADAMW, "lr_retain": 0.002}, SHAPES),
    "dual-lion-adam": ({"kind": "dual", "forget": LION, "retain": ADAMW | {"kind": "adam"}}, SHAPES),
    "dual-muon-sgd": ({"kind": "dual", "forget": MUON, "retain": SGD}, MATRICES),
    "muon-fallback": (MUON | {"nesterov": True, "fallback": ADAMW}, SHAPES),
    "hybrid": ({"kind": "hybrid-adam-sgd", "lr_adam": 0.01, "lr_sgd": 0.1, **BETAS}, SHAPES),
    "decoupled-m-exact": (APART | {"decouple_m": True, "decouple_v": False, "semantics": "exact"}, SHAPES),
    "decoupled-m-as-published": (APART | {"decouple_m": True, "decouple_v": False, "semantics": "as-published"}, SHAPES),
    "decoupled-v-as-published": (APART | {"decouple_m": False, "decouple_v": True, "semantics": "as-published"}, SHAPES),
    "dual-adam-llm": ({"kind": "dual-adam-llm", **RATES, **BETAS}, SHAPES),
    "adamw-8bit": (ADAMW | {"kind": "adamw-8bit", **EIGHT}, SHAPES),
    "dual-8bit-sgd": ({"kind": "dual", "forget": ADAMW | {"kind": "adamw-8bit", **EIGHT}, "retain": SGD}, SHAPES),
    "dual-plus-published": (PLUS | {"states": "fp32"}, SHAPES),
    "dual-plus-floor": (PLUS | {"states": "fp32", "v_floor": 0.25}, SHAPES),
    "dual-plus-8bit": (PLUS | {"states": "8bit", **EIGHT}, SHAPES),
    # of so many elements some have a denominator that nearly cancels: any other order of float32 operations shows
    "dual-plus-cancelling": (PLUS | {"states": "fp32"}, [(1500,)]),
    "dual-plus-8bit-cancelling": (PLUS | {"states": "8bit", "block_size": 256, "min_8bit_size": 1000}, [(1500,)]),
}

if __name__ == "__main__":
    for name, (optimizer, shapes) in CASES.items():
        write(name, optimizer, shapes, MIXED, COSINE, 1e-5, 2e-6)
