"""Speech models are found, and only those that are pinned are loaded from packages."""

from __future__ import annotations

from pathlib import Path

import pytest

from live_scribe.asr import models
from live_scribe.asr.models import PACKAGED, Part, found_models, load_engine, read_packaged
from live_scribe.errors import ModelError


def test_the_packaged_models_are_listed_as_ready() -> None:
    ready = {model.name for model in found_models() if model.ready}
    assert {"base", "tiny.en"} <= ready


def test_a_changed_file_is_not_loaded(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    changed = tmp_path / "file"
    changed.write_bytes(b"changed")
    monkeypatch.setattr(models, "_locate", lambda part: changed)
    with pytest.raises(ModelError, match=r"model\.bin of the packaged model base is not the pinned one"):
        read_packaged("base")


def test_a_package_that_is_not_installed_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    missing = models.PackagedModel("base", (Part("no-such-package", "x", "model.bin"),), PACKAGED["base"].sha256)
    monkeypatch.setattr(models, "PACKAGED", {"base": missing})
    with pytest.raises(ModelError, match="pip install"):
        load_engine("base")
    assert not found_models()[0].ready


@pytest.mark.parametrize(("name", "told"), [("bsae", "there is no model 'bsae'"), ("", "there is no model")])
def test_an_unknown_name_lists_the_known_ones(name: str, told: str) -> None:
    with pytest.raises(ModelError, match=told):
        load_engine(name or "-")


def test_a_folder_that_is_no_model_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"model\.bin, config\.json, tokenizer\.json"):
        load_engine(str(tmp_path))
    file = tmp_path / "model.bin"
    file.touch()
    with pytest.raises(ModelError, match="is not a folder"):
        load_engine(str(file))


def test_without_a_network_a_hub_model_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    import faster_whisper

    class NoNetwork:
        def __init__(self, *args: object, **settings: object) -> None:
            raise OSError("Cannot reach the hub")

    monkeypatch.setattr(faster_whisper, "WhisperModel", NoNetwork)
    with pytest.raises(ModelError, match="connect to the network once, give a folder"):
        load_engine("small.en")


def test_without_a_gpu_cuda_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ctranslate2.get_cuda_device_count", lambda: 0)
    with pytest.raises(ModelError, match=r"no CUDA GPU here.*use the device cpu"):
        load_engine("tiny.en", device="cuda")


@pytest.mark.parametrize(
    ("device", "asked", "expected"),
    [("cuda", None, ("float16", 1)), ("cuda", "int8_float16", ("int8_float16", 1)), ("cpu", None, ("int8", 2))],
)
def test_a_gpu_counts_in_float16_and_takes_one_call_at_a_time(
    monkeypatch: pytest.MonkeyPatch, device: str, asked: str | None, expected: tuple[str, int]
) -> None:
    import faster_whisper

    settings: dict[str, object] = {}

    class Asked:
        def __init__(self, *args: object, **given: object) -> None:
            settings.update(given)
            raise RuntimeError("that is enough")

    monkeypatch.setattr("ctranslate2.get_cuda_device_count", lambda: 1)
    monkeypatch.setattr(models, "read_packaged", lambda name: {})
    monkeypatch.setattr(faster_whisper, "WhisperModel", Asked)
    with pytest.raises(ModelError, match="that is enough"):
        load_engine("tiny.en", device=device, compute_type=asked, parallel=2)
    assert (settings["compute_type"], settings["num_workers"]) == expected
    assert settings["device"] == device
