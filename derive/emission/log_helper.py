"""The helper of generated modules that sums x log y where both may be zero."""

from derive.emission.views import FunctionView

SUM_OF_LOGS = "helper.sum_of_logs"

HELPER = FunctionView(
    "_sum_of_logs(weights: Array, values: Array) -> Array",
    "Sums of weight times log value, shape (N, K), where 0 log 0 = 0: what cannot happen costs nothing if it did not.",
    ("weights: shape (N, D), none negative. values: shape (K, D), none negative.",),
    (
        "zero = values == 0",
        "sums: Array = weights @ np.log(np.where(zero, 1, values)).T",
        "if zero.any():",
        "    sums[weights @ zero.T > 0] = -np.inf",
        "return sums",
    ),
)
