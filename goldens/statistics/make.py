"""Reference values for dev.hone.evaluate, by scipy and scikit-learn: make.py > the table in StatisticsTest."""

import numpy as np
from scipy import stats

for k, n in ((0, 10), (3, 10), (82, 165), (165, 165)):
    ci = stats.binomtest(k, n).proportion_ci(method="wilson")
    print("wilson", k, n, ci.low, ci.high)
for wins, losses in ((0, 0), (5, 0), (12, 4), (30, 30), (84, 40)):
    p = 1.0 if wins + losses == 0 else stats.binomtest(min(wins, losses), wins + losses).pvalue
    print("mcnemar", wins, losses, p)
values = [1.5, 0.2, 9.1, 4.4, 4.4, 7.0]
print("quantiles", [float(np.quantile(values, q)) for q in (0, 0.25, 0.5, 0.95, 1)])
a = np.array([1, 1, 0, 1, 0.5, 0.25, 1, 0, 0.75, 1])
b = np.array([0, 1, 0, 0.5, 0.5, 0, 1, 0.25, 0.5, 0])
flip = stats.permutation_test((a, b), lambda x, y: np.mean(x - y), permutation_type="samples", n_resamples=np.inf)
print("sign flip", float(np.mean(a - b)), float(flip.pvalue))
boot = stats.bootstrap((a - b,), np.mean, n_resamples=200_000, method="percentile", rng=np.random.default_rng(1))
print("bootstrap", boot.confidence_interval.low, boot.confidence_interval.high)
