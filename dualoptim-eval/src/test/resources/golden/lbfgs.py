"""Prints the numbers of LbfgsTest and of EntropyMiaTest.

Made with Python 3.11, numpy 1.24.2, scipy 1.10.1, scikit-learn 1.2.1 (Debian 12): python3 lbfgs.py
"""

import numpy as np
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression


def rosenbrock(x):
    value = 100 * (x[1] - x[0] ** 2) ** 2 + (1 - x[0]) ** 2
    return value, np.array(
        [-400 * x[0] * (x[1] - x[0] ** 2) - 2 * (1 - x[0]), 200 * (x[1] - x[0] ** 2)]
    )


def wavy(x):
    value = np.sum(np.log1p(x**4) / 4 + 0.1 * np.cos(3 * x) + 0.01 * (x - 4) ** 2)
    return value, x**3 / (1 + x**4) - 0.3 * np.sin(3 * x) + 0.02 * (x - 4)


for function, start in (rosenbrock, [-1.2, 1.0]), (wavy, [9.0, -30.0]):
    for iterations in 1, 2, 4, 8, 15, 100:
        end = minimize(
            function,
            np.array(start),
            jac=True,
            method="L-BFGS-B",
            options={"gtol": 1e-4, "maxiter": iterations},
        )
        print(function.__name__, iterations, *end.x, sep=", ")

for members, others in (
    (np.array([0, 0.01, 0.02, 0.05, 0.3]), np.array([0.01, 0.4, 0.9, 0.2])),
    (np.linspace(0, 2e-6, 40), np.linspace(1e-6, 4e-6, 20)),
    (np.linspace(0, 1e-4, 300), np.linspace(5e-5, 2e-4, 100)),
    (np.full(1, 6e-5), np.r_[np.zeros(149), 0.0065]),
    (np.r_[np.zeros(149), 5e-4], np.zeros(1)),
    (np.r_[np.zeros(397), 1e-3, 2e-3, 3e-3], np.zeros(3)),
    (np.zeros(60), np.r_[np.zeros(399), 0.012]),
):
    x = np.r_[members, others].astype(np.float32)[:, None]
    y = np.r_[np.ones(len(members)), np.zeros(len(others))]
    attack = LogisticRegression(class_weight="balanced").fit(x, y)
    print(attack.coef_[0, 0], attack.intercept_[0])
