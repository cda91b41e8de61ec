"""What the scripts that need qdrant-sandbox share: building it, starting it, and packages from PyPI."""

import pathlib
import re
import subprocess
import sys
import venv

ROOT = pathlib.Path(__file__).resolve().parent.parent


def build(*products, flags=()):
    """Builds products and returns the folder that they are in."""
    command = ["swift", "build", *flags]
    for product in products:
        subprocess.run([*command, "-q", "--product", product], cwd=ROOT, check=True)
    shown = subprocess.run(
        [*command, "--show-bin-path"], cwd=ROOT, check=True, capture_output=True, text=True)
    return pathlib.Path(shown.stdout.strip())


def start(sandbox, storage, **options):
    """A sandbox that listens on a free port, with its URL; ends the script when it does not start."""
    process = subprocess.Popen(
        [sandbox, "--storage", storage, "--port", "0"], stdout=subprocess.PIPE, text=True, **options)
    said = []
    for line in process.stdout:
        said.append(line)
        found = re.search(r"http://[0-9.]+:[0-9]+", line)
        if found:
            return process, found.group(0)
    sys.exit("the sandbox does not start:\n" + "".join(said))


def port(url):
    return int(url.rsplit(":", 1)[1])


def install(folder, *packages):
    """A virtual environment with those packages; the folder of its commands."""
    venv.create(folder, with_pip=True)
    commands = pathlib.Path(folder) / "bin"
    quiet = ["-m", "pip", "install", "-q", "--disable-pip-version-check"]
    subprocess.run([commands / "python", *quiet, *packages], check=True)
    return commands
