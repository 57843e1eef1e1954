"""Makes softmax.safetensors beside this file and prints the numbers of PairwiseSumTest.

Made with Python 3.11, torch 1.13 on a CPU with AVX2, numpy 1.24.2 (Debian 12):
ATEN_CPU_CAPABILITY=avx2 python3 softmax.py
"""

import json
import pathlib
import struct

import numpy as np
import torch

random = np.random.RandomState(3)
header, body = {}, b""


def put(name, values):
    global body
    data = np.ascontiguousarray(values, np.float32).tobytes()
    header[name] = {
        "dtype": "F32",
        "shape": list(np.shape(values)),
        "data_offsets": [len(body), len(body) + len(data)],
    }
    body += data


for classes in 2, 3, 7, 8, 10, 33, 100, 600:
    logits = random.randn(5, classes) * np.array([[0.01], [1], [4], [40], [1e4]])
    logits = np.concatenate([logits, np.full((1, classes), 2.5)]).astype(np.float32)
    p = torch.softmax(torch.from_numpy(logits), dim=-1)
    entropy = -torch.where(p > 0, p * p.log(), torch.zeros(())).sum(dim=-1)
    put(f"logits/{classes}", logits)
    put(f"p/{classes}", p.numpy())
    put(f"entropy/{classes}", entropy.numpy())

text = json.dumps(header).encode()
text += b" " * (-len(text) % 8)
file = pathlib.Path(__file__).with_suffix(".safetensors")
file.write_bytes(struct.pack("<Q", len(text)) + text + body)

for count in 1, 7, 8, 20, 128, 131, 1000, 4321:
    print(count, repr((1 / np.arange(1, count + 1)).sum()), repr(np.full(count, 0.1).sum()))
