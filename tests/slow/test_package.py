"""The wheel, installed elsewhere, has all that it needs: templates, samples, weights, migrations, the page."""

from __future__ import annotations

import os
import site
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


def run(*command: object, folder: Path) -> str:
    env = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "LIVE_SCRIBE"))}
    done = subprocess.run(
        [str(part) for part in command], cwd=folder, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def test_the_wheel_installed_elsewhere_drafts_a_packaged_sample(tmp_path: Path) -> None:
    run(sys.executable, "-m", "pip", "wheel", "--no-deps", "--quiet", "--wheel-dir", tmp_path, ROOT, folder=tmp_path)
    (wheel,) = tmp_path.glob("*.whl")
    home = tmp_path / "elsewhere"
    venv.create(home, with_pip=False)
    packages = next((home / "lib").glob("python3*/site-packages"))
    # What it depends on is taken from this environment; live_scribe itself from the wheel alone.
    run(sys.executable, "-m", "pip", "install", "--no-deps", "--quiet", "--target", packages, wheel, folder=tmp_path)
    (packages / "dependencies.pth").write_text("\n".join(site.getsitepackages()) + "\n", encoding="utf-8")
    python = home / "bin" / "python"
    where = run(python, "-c", "import live_scribe; print(live_scribe.__file__)", folder=tmp_path).strip()
    assert Path(where).is_relative_to(home)
    data = packages / "live_scribe" / "data"
    note = run(python, "-m", "live_scribe", "draft", data / "samples" / "knee-injury.txt", folder=tmp_path)
    assert "## Medications" in note and "isinopril" in note
    for part in ("web/static/index.html", "asr/weights/voices.npz", "drafting/weights", "storage/migrations/versions"):
        assert (packages / "live_scribe" / part).exists(), part
    assert (data / "templates" / "soap" / "general" / "sections.toml").is_file()
