"""Files of a few kB that claim gigabytes: one sentence, within little memory (the reader has a limit on it)."""

from __future__ import annotations

import io
import json
import pickle
import struct
import subprocess
import sys
import zipfile

import pytest

from latentcode.errors import LatentcodeError, ModelError
from latentcode.models import card_of

SHAPES = {"fc1": (48, 64), "fc21": (8, 48), "fc22": (8, 48), "fc3": (48, 8), "fc4": (64, 48)}
MEMORY = 600 << 20  # bytes of address space; the interpreter and numpy take some 200 MiB of them


def text(value):
    return b"X" + struct.pack("<I", len(value)) + value.encode()


def number(value):
    return b"\x8a\x09" + value.to_bytes(9, "little", signed=True)


def tensor(count, shape, strides):
    storage = text("storage") + b"ctorch\nFloatStorage\n" + text("0") + text("cpu") + number(count)
    sizes = b"(" + b"".join(map(number, shape)) + b"t(" + b"".join(map(number, strides)) + b"t"
    return b"ctorch._utils\n_rebuild_tensor_v2\n((" + storage + b"tQ" + number(0) + sizes + b"\x89}tR"


def model(scale=1, count=None, strides=None):
    """The pickle of a state dictionary whose tensors all lie in one storage."""
    made = b"\x80\x02}("
    for name, (rows, columns) in SHAPES.items():
        rows, columns = rows * scale, columns * scale
        steps = (columns, 1) if strides is None else strides
        made += text(f"{name}.weight") + tensor(count or rows * columns, (rows, columns), steps)
        made += text(f"{name}.bias") + tensor(count or rows, (rows,), steps[1:])
    return made + b"u."


PICKLES = {
    "memo": b"\x80\x02}r\x00\x00\x00\x08.",
    "text": b"\x80\x04\x8d" + struct.pack("<Q", 1 << 36) + b"abc.",
    "bytes": b"\x80\x05\x8e" + struct.pack("<Q", 1 << 33) + b"abc.",
    "bytearray": b"\x80\x05\x96" + struct.pack("<Q", 1 << 33) + b"abc.",
    "frame": b"\x80\x04\x95" + struct.pack("<Q", 1 << 40) + b"}.",
    "stride 0": model(2048, 1, (0, 0)),
    "large": model(2048),
    "storage": model(1, 1 << 47),
    "a key that takes for ever": b"\x80\x02})" + b"2\x86" * 200 + b"Ns.",
    "deep": b"\x80\x02" + b"]" * 50_000 + b"a" * 49_999 + b".",
}


def zipped(data, storage=bytes(64), compression=zipfile.ZIP_STORED, **more):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", compression) as archive:
        for name, content in {"data.pkl": data, "data/0": storage, **more}.items():
            archive.writestr(f"a/{name}", content)
    return made.getvalue()


def legacy(data):
    head = [0x1950A86A20F9469CFC6C, 1001, {"little_endian": True}]
    return b"".join(pickle.dumps(item, 2) for item in head) + data + pickle.dumps(["0"], 2)


def safetensors(header):
    content = json.dumps(header).encode()
    return struct.pack("<Q", len(content)) + content


def hostile():
    for name, data in PICKLES.items():
        yield f"{name}.zip", zipped(data)
        yield f"{name}.legacy", legacy(data)
    bomb = bytes(1 << 24)
    yield "compressed order", zipped(model(), byteorder=bomb, compression=zipfile.ZIP_DEFLATED)
    yield "compressed storage", zipped(model(), bomb, zipfile.ZIP_DEFLATED)
    directory = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 65535, 65535, 0x6FFFFFF0, 10, 0)
    yield "directory", (b"PK\3\4", 0x70000000, directory)
    yield "zeros", (b"", 40 << 30, b"")
    yield "a model", (struct.pack("<Q", 1 << 20) + b"{", 40 << 30, b"")
    yield "a legacy model", (legacy(b"")[:40], 1 << 30, b"")
    yield "a session.py", (b"# latentcode session 1\n", 40 << 30, b"")


READING = """
import pathlib, resource, sys
from latentcode.cli.info import describe
from latentcode.errors import LatentcodeError
from latentcode.models.families.raw.checkpoint import read_checkpoint
resource.setrlimit(resource.RLIMIT_AS, ({memory},) * 2)
for file in sorted(pathlib.Path(sys.argv[1]).iterdir()):
    for read in (lambda: describe(str(file)), lambda: read_checkpoint(file)[1].arrays()):
        try:
            print(file.name, "was read:", read())
        except LatentcodeError as error:
            assert "\\n" not in str(error)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="a limit on memory")
def test_nothing_is_allocated_that_a_file_only_claims(tmp_path):
    for name, content in hostile():
        with (tmp_path / name).open("wb") as file:
            begin, size, end = content if isinstance(content, tuple) else (content, None, b"")
            file.write(begin)
            if size is not None:
                file.truncate(size)
                file.seek(0, 2)
                file.write(end)
    code = READING.format(memory=MEMORY)
    done = subprocess.run([sys.executable, "-c", code, tmp_path], capture_output=True, text=True, timeout=60)
    assert (done.stdout, done.stderr[-2000:], done.returncode) == ("", "", 0)


def test_the_bound_can_be_set(tmp_path, monkeypatch):
    (tmp_path / "ckpt").write_bytes(zipped(model(), bytes(1 << 20)))
    assert card_of(tmp_path / "ckpt").window == 64
    with (tmp_path / "large").open("wb") as file:
        file.truncate((2 << 20) + 1)
    monkeypatch.setenv("LATENTCODE_MEMORY", "2")
    with pytest.raises(ModelError, match=r"2 MiB are allowed; LATENTCODE_MEMORY=3 would allow it"):
        card_of(tmp_path / "large")
    monkeypatch.setenv("LATENTCODE_MEMORY", "much")
    with pytest.raises(LatentcodeError, match="LATENTCODE_MEMORY is 'much'; a whole number of MiB"):
        card_of(tmp_path / "large")
