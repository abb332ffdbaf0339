"""Labels and responsibilities as CSV, JSON or NPZ."""

import io
import json

import numpy as np

from derive.runtime.predict import Prediction


def encode(prediction: Prediction, layout: str) -> bytes:
    """The content of a file. layout: "csv", "json" or "npz". Numbers are written so that they read back exactly."""
    labels, responsibilities = prediction.labels, prediction.responsibilities
    if layout == "npz":
        buffer = io.BytesIO()
        np.savez(buffer, labels=labels, responsibilities=responsibilities)
        return buffer.getvalue()
    if layout == "json":
        content = {"labels": labels.tolist(), "responsibilities": responsibilities.tolist()}
        return (json.dumps(content) + "\n").encode()
    header = ["label", *(f"responsibility_{k}" for k in range(responsibilities.shape[1]))]
    rows = zip(labels.tolist(), responsibilities.tolist(), strict=True)
    lines = [",".join(header), *(",".join([str(label), *map(repr, row)]) for label, row in rows)]
    return ("\n".join(lines) + "\n").encode()
