"""Makes the parity cases and stems.tsv beside this file.

Made with Python 3.11, numpy 1.24.2, scikit-learn 1.2.1, nltk 3.8 (Debian 12): python3 eval_cases.py
"""

import json
import pathlib
import re
import struct
from collections import Counter

import numpy as np
from nltk.stem.porter import PorterStemmer
from sklearn.linear_model import LogisticRegression
from sklearn.svm import SVC

HERE = pathlib.Path(__file__).parent
random = np.random.RandomState(7)


def write(name, kind, config, inputs, outputs, rtol, source):
    tensors = {f"in/{k}": v for k, v in inputs.items()} | {f"out/{k}": v for k, v in outputs.items()}
    header = {
        "__metadata__": {
            "format": "dualoptim-parity/1",
            "kind": kind,
            "config": json.dumps(config),
            "source": source,
            "rtol": str(rtol),
            "atol": "1e-05",
        }
    }
    body = b""
    for key, value in tensors.items():
        value = np.asarray(value)
        value = value.astype(np.int64 if value.dtype.kind == "i" else np.float32)
        data = value.tobytes()
        header[key] = {
            "dtype": "I64" if value.dtype.kind == "i" else "F32",
            "shape": list(value.shape),
            "data_offsets": [len(body), len(body) + len(data)],
        }
        body += data
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    (HERE / f"{name}.safetensors").write_bytes(struct.pack("<Q", len(text)) + text + body)


# --- membership inference -----------------------------------------------------------------------------------------


def outputs_of_a_model(n, margin, accuracy=1.0, classes=5):
    target = random.randint(0, classes, n)
    likely = np.where(random.rand(n) < accuracy, target, random.randint(0, classes, n))
    logits = random.randn(n, classes)
    logits[np.arange(n), likely] += margin * random.rand(n)
    return logits.astype(np.float32), target


def softmax(x):
    e = np.exp(x - x.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


def entropy(p):
    return -np.where(p > 0, p * np.log(np.where(p > 0, p, 1)), 0).sum(1)


def modified_entropy(p, target):
    log_p = np.log(np.where(p > 0, p, np.float32(1e-30)))
    q = p.copy()
    q[:, target] = (1 - p)[:, target]  # whole columns, as the official code does
    return -(q * log_p).sum(1)


FEATURES = {
    "correctness": lambda p, y: (p.argmax(1) == y).astype(np.float32)[:, None],
    "confidence": lambda p, y: p[np.arange(len(y)), y][:, None],
    "entropy": lambda p, y: entropy(p)[:, None],
    "m-entropy": lambda p, y: modified_entropy(p, y)[:, None],
    "prob": lambda p, y: p,
}

retain, retain_y = outputs_of_a_model(90, 12)
test, test_y = outputs_of_a_model(60, 6, 0.8)
forget, forget_y = outputs_of_a_model(40, 9, 0.95)
forget_y = forget_y % 3  # classes 3 and 4 do not occur

members, others, judged = (entropy(softmax(x))[:, None] for x in (retain, test, forget))
attack = LogisticRegression(class_weight="balanced").fit(
    np.concatenate([members, others]), np.r_[np.ones(len(members)), np.zeros(len(others))]
)
write(
    "mia-entropy",
    "mia-entropy",
    {},
    {"retain": retain, "test": test, "forget": forget},
    {"mia": 100 * attack.predict(judged).mean(), "coef": np.r_[attack.coef_[0], attack.intercept_]},
    1e-3,
    "scikit-learn 1.2.1 LogisticRegression(class_weight=balanced)",
)

k = min(len(retain), len(test))
for feature, of in FEATURES.items():
    x = np.concatenate([of(softmax(retain[:k]), retain_y[:k]), of(softmax(test), test_y)])
    attack = SVC(C=3, gamma="auto").fit(x, np.r_[np.ones(k), np.zeros(len(test))])
    write(
        f"mia-svc-{feature}",
        "mia-svc",
        {"feature": feature},
        {
            "retain": retain,
            "retain_target": retain_y,
            "test": test,
            "test_target": test_y,
            "forget": forget,
            "forget_target": forget_y,
        },
        {"score": 1 - attack.predict(of(softmax(forget), forget_y)).mean()},
        1e-6,
        "scikit-learn 1.2.1 SVC(C=3, gamma=auto)",
    )

# --- Frechet distance ---------------------------------------------------------------------------------------------

for name, n, m, d in (("fid-full-rank", 40, 50, 4), ("fid-fewer-samples-than-features", 5, 7, 24)):
    a = (random.randn(n, d) @ random.randn(d, d) * 0.3).astype(np.float32)
    b = (random.rand(m, d) + 0.5).astype(np.float32)
    # tr((S_a S_b)^1/2) is the nuclear norm of the product of the centred, scaled features: exact at any rank
    x, y = ((z.astype(float) - z.astype(float).mean(0)) / np.sqrt(len(z) - 1) for z in (a, b))
    cross = np.linalg.svd(x @ y.T, compute_uv=False).sum()
    shift = ((a.astype(float).mean(0) - b.astype(float).mean(0)) ** 2).sum()
    write(name, "fid", {}, {"a": a, "b": b}, {"fid": shift + (x**2).sum() + (y**2).sum() - 2 * cross}, 1e-5, "numpy float64")

# --- gap ----------------------------------------------------------------------------------------------------------

method = np.array([[95.1, 99.9, 94.0, 78.0], [94.3, 99.8, 93.7, 75.5], [96.0, 99.9, 94.4, 80.1]], np.float32)
retrained = np.array([[94.6, 100, 94.2, 76.1], [94.7, 100, 94.3, 76.5]], np.float32)
gaps = np.abs(method.astype(float).mean(0) - retrained.astype(float).mean(0))
write(
    "gap",
    "gap",
    {},
    {"method": method, "retrain": retrained},
    {
        "mean": method.astype(float).mean(0),
        "std": method.astype(float).std(0),
        "gap": gaps.mean(),
        "avg_std": method.astype(float).std(0).mean(),
    },
    1e-5,
    "numpy float64",
)

# --- ROUGE --------------------------------------------------------------------------------------------------------

stemmer = PorterStemmer()


def words(text):
    found = re.findall(r"[a-z0-9]+", text.lower())
    return [stemmer.stem(word) if len(word) > 3 else word for word in found]


def subsequence(a, b):
    row = [0] * (len(b) + 1)
    for x in a:
        new = [0]
        for j, y in enumerate(b, 1):
            new.append(row[j - 1] + 1 if x == y else max(row[j], new[j - 1]))
        row = new
    return row[-1]


PAIRS = [
    ["The author writes about her skies and her dying flowers.", "The author wrote of flowers, dying under her sky; her skies."],
    ["Relational databases, operationally controlled in 1999", "in 1999 controlling relational database operation"],
    ["the cat the cat the cat", "cat the"],
    ["", "something"],
    ["something", "..."],
    ["Na\u00efve caf\u00e9 \u2019tis \u0130stanbul 42\u00b0K", "na ve caf tis i stanbul 42 k"],
]
recalls = []
for target, prediction in PAIRS:
    t, p = words(target), words(prediction)
    common = sum((Counter(t) & Counter(p)).values())
    recalls.append([common / max(len(t), 1), subsequence(t, p) / max(len(t), 1)])
recalls = np.array(recalls)
write(
    "rouge",
    "rouge",
    {"pairs": PAIRS},
    {},
    {"rouge1_recall": recalls[:, 0], "rougeL_recall": recalls[:, 1]},
    1e-6,
    "nltk 3.8 PorterStemmer, recall as rouge_score 0.1.2 defines it",
)

# --- stems: each suffix behind stems of measure 0, 1 and 2, the irregular words, digits ---------------------------

SUFFIXES = """sses ies s ss eed ed ing ied at bl iz y ational tional enci anci izer bli abli alli entli eli ousli ization ation ator
alism iveness fulness ousness aliti iviti biliti fulli logi icate ative alize iciti ical ful ness al ance ence er ic able ible ant
ement ment ent ion sion tion ou ism ate iti ous ive ize e ll""".split()
STEMS = ["t", "tr", "ap", "hop", "fall", "owe", "spy", "enjoy", "relat", "controll", "a1b2"]
listed = sorted({s + x for s in STEMS for x in SUFFIXES} | set(stemmer.pool) | {"owed", "dies", "died", "toyed", "sky1"})
(HERE / "stems.tsv").write_text("".join(f"{w}\t{stemmer.stem(w)}\n" for w in listed if len(w) > 3))
