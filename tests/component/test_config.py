"""Settings: what is wrong is named, with what it may be."""

from __future__ import annotations

from pathlib import Path

import pytest

from live_scribe.config import SETTINGS, check_address, read_settings
from live_scribe.errors import ConfigError


def test_the_defaults_are_the_packaged_model_on_this_computer() -> None:
    settings = read_settings({"HOME": "/nobody"})
    assert (settings.model, settings.device, settings.compute_type) == ("base", "cpu", None)
    assert (settings.fallback_model, settings.batch) == (None, None)
    assert settings.data.name == "live_scribe" and settings.threads >= 1


def test_the_environment_is_read() -> None:
    env = {
        "LIVE_SCRIBE_DATA": "d",
        "LIVE_SCRIBE_MODEL": "tiny.en",
        "LIVE_SCRIBE_THREADS": "2",
        "LIVE_SCRIBE_LOG": "debug",
    }
    settings = read_settings(env)
    assert (settings.data, settings.model, settings.threads, settings.log_level) == (Path("d"), "tiny.en", 2, "DEBUG")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LIVE_SCRIBE_LOG", "LOUD"),
        ("LIVE_SCRIBE_LOG_FORMAT", "xml"),
        ("LIVE_SCRIBE_THREADS", "-1"),
        ("LIVE_SCRIBE_THREADS", "²"),
        ("LIVE_SCRIBE_THREADS", "9" * 5_000),
        ("LIVE_SCRIBE_MODLE", "base"),
        ("LIVE_SCRIBE_DEVICE", "tpu"),
        ("LIVE_SCRIBE_BATCH", "0"),
        ("LIVE_SCRIBE_BATCH", "65"),
    ],
)
def test_a_wrong_setting_is_named(name: str, value: str) -> None:
    with pytest.raises(ConfigError, match=name):
        read_settings({name: value})


@pytest.mark.parametrize("name", SETTINGS)
def test_a_setting_that_is_empty_is_as_if_it_were_not_there(name: str) -> None:
    assert read_settings({"HOME": "/nobody", name: ""}) == read_settings({"HOME": "/nobody"})


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "127.9.9.9"])
def test_this_computer_is_served_plainly(host: str) -> None:
    check_address(host, 8765, behind_proxy=False)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "example.org", "::"])
def test_other_computers_are_served_behind_a_proxy_alone(host: str) -> None:
    with pytest.raises(ConfigError, match="--behind-proxy"):
        check_address(host, 8765, behind_proxy=False)
    check_address(host, 8765, behind_proxy=True)


def test_a_port_that_is_none_is_refused() -> None:
    with pytest.raises(ConfigError, match="--port"):
        check_address("127.0.0.1", 70_000, behind_proxy=False)


def test_every_setting_says_what_it_means() -> None:
    assert all(name.startswith("LIVE_SCRIBE_") and len(meaning) > 10 for name, meaning in SETTINGS.items())
