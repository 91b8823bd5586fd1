"""Makes `live_scribe/asr/weights/voices.npz` from the Resemblyzer wheel, without torch.

    pip download --no-deps resemblyzer==0.1.4 -d DIR
    python -m training.convert_voices DIR/Resemblyzer-0.1.4-py3-none-any.whl

The wheel carries a checkpoint in torch's old format: five pickles, then the numbers of each storage. It is read with an
unpickler that knows three names and refuses all others, so that nothing in the file can run. Of the checkpoint's 17 MB
(mostly the optimiser's memory) the network's 1.4 million weights are kept, in 16 bits.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import pickle
import struct
import zipfile
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

CHECKPOINT = "resemblyzer/pretrained.pt"
CHECKPOINT_SHA256 = "39373b86598fa3da9fcddee6142382efe09777e8d37dc9c0561f41f0070f134e"
"""Of `pretrained.pt` in Resemblyzer 0.1.4 (Apache-2.0)."""

TARGET = Path(__file__).resolve().parent.parent / "live_scribe" / "asr" / "weights" / "voices.npz"
LAYERS = 3


@dataclass(frozen=True, slots=True)
class _Tensor:
    """A view into a storage: which one, where it begins, and its shape."""

    storage: str
    offset: int
    size: tuple[int, ...]


def _rebuild(storage: str, offset: int, size: tuple[int, ...], *_: object) -> _Tensor:
    return _Tensor(storage, offset, size)


_KNOWN: dict[tuple[str, str], Any] = {
    ("collections", "OrderedDict"): OrderedDict,
    ("torch._utils", "_rebuild_tensor_v2"): _rebuild,
    ("torch", "FloatStorage"): "float32",
}


class _Checkpoint(pickle.Unpickler):
    """Reads the structure of a checkpoint and nothing that could run."""

    def find_class(self, module: str, name: str) -> Any:
        try:
            return _KNOWN[module, name]
        except KeyError:
            raise pickle.UnpicklingError(f"the checkpoint asks for {module}.{name}, which it has no need of") from None

    def persistent_load(self, pid: Any) -> str:
        _, _, key, *_ = pid
        return str(key)


def read_checkpoint(file: IO[bytes]) -> dict[str, NDArray[np.float32]]:
    """Return the network's tensors by name. Raises UnpicklingError where the file holds anything else."""
    _magic, _protocol, _sizes, content, keys = (_Checkpoint(file).load() for _ in range(5))
    storages: dict[str, NDArray[np.float32]] = {}
    for key in keys:
        (count,) = struct.unpack("<q", file.read(8))
        storages[key] = np.frombuffer(file.read(4 * count), dtype="<f4")
    return {
        name: storages[t.storage][t.offset :][: int(np.prod(t.size))].reshape(t.size)
        for name, t in content["model_state"].items()
        if isinstance(t, _Tensor)
    }


def pack(state: dict[str, NDArray[np.float32]]) -> dict[str, NDArray[np.float16]]:
    """Return what the encoder needs: each layer's input and recurrent weights and bias, then the last layer's."""
    packed: dict[str, NDArray[np.float32]] = {}
    for layer in range(LAYERS):
        packed[f"input_{layer}"] = state[f"lstm.weight_ih_l{layer}"]
        packed[f"recurrent_{layer}"] = state[f"lstm.weight_hh_l{layer}"]
        # torch keeps two biases for cuDNN's sake; only their sum is ever used.
        packed[f"bias_{layer}"] = state[f"lstm.bias_ih_l{layer}"] + state[f"lstm.bias_hh_l{layer}"]
    packed["linear"] = state["linear.weight"]
    packed["linear_bias"] = state["linear.bias"]
    return {name: values.astype(np.float16) for name, values in packed.items()}


def main(arguments: Sequence[str] | None = None) -> None:
    """Convert the wheel named on the command line."""
    parser = argparse.ArgumentParser(description="Convert Resemblyzer's voice encoder to a small npz.")
    parser.add_argument("wheel", type=Path)
    parser.add_argument("--out", type=Path, default=TARGET)
    options = parser.parse_args(arguments)
    content = zipfile.ZipFile(options.wheel).read(CHECKPOINT)
    if hashlib.sha256(content).hexdigest() != CHECKPOINT_SHA256:
        raise SystemExit(f"{options.wheel}: its {CHECKPOINT} is not the one of Resemblyzer 0.1.4")
    np.savez_compressed(options.out, **pack(read_checkpoint(io.BytesIO(content))))  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
