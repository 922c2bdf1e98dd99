from __future__ import annotations

import builtins
import collections
import io
import os
import pickle
import struct
import sys
import types
import zipfile

import numpy as np
import pytest
import torch
from torch import nn

from latentcode import models
from latentcode.errors import ModelError


@pytest.fixture
def checkpoint(layers):
    optimizer = torch.optim.Adam(layers.parameters())
    layers.encode(torch.zeros(2, 64))[0].sum().backward()
    optimizer.step()
    return {"epoch": 500, "state_dict": layers.state_dict(), "optimizer": optimizer.state_dict()}


@pytest.fixture(params=[True, False], ids=["zip", "legacy"])
def zipped(request):
    return request.param


def saved(content, path, zipped=True):
    torch.save(content, path, _use_new_zipfile_serialization=zipped)
    return path


def test_a_checkpoint_without_extension(checkpoint, network, latents, tmp_path, zipped):
    loaded = models.load(saved(checkpoint, tmp_path / "ckpt_00500", zipped))
    assert (loaded.card.window, loaded.card.units, loaded.card.latent_dim) == (64, 48, 8)
    assert loaded.card.sample_rate == 44100
    assert "assumed" in loaded.card.note("sample_rate")
    assert np.array_equal(loaded.network.decode(latents), network.decode(latents))


def test_the_card_of_a_checkpoint_is_that_of_the_loaded_model(checkpoint, tmp_path, zipped):
    file = saved(checkpoint, tmp_path / "ckpt_00500", zipped)
    assert models.card_of(file) == models.load(file).card


def test_a_sampling_rate_can_be_given(checkpoint, tmp_path):
    card = models.load(saved(checkpoint, tmp_path / "ckpt"), sample_rate=32000).card
    assert card.sample_rate == 32000
    assert card.note("sample_rate") == ""


CONFIG = """
[audio]
sampling_rate = 22050 # Hz
hop_length = 256
segment_length = {window}
[VAE]
latent_dim =
device
[training]
loss_reduction = mean # or sum 100%
"""


@pytest.mark.parametrize("folder", ["", "model", "model/checkpoints"])
def test_config_ini_tells_rate_and_hop(checkpoint, tmp_path, folder):
    (tmp_path / folder).mkdir(parents=True, exist_ok=True)
    (tmp_path / "config.ini").write_text(CONFIG.format(window=64))
    card = models.load(saved(checkpoint, tmp_path / folder / "ckpt_00500")).card
    assert (card.sample_rate, card.hop) == (22050, 256)


@pytest.mark.parametrize(
    "text",
    [
        CONFIG.format(window=1024),
        "no ini",
        "[audio]\nsampling_rate = # unknown",
        "[audio]\nsampling_rate = fast",
    ],
)
def test_a_config_ini_that_does_not_help(checkpoint, tmp_path, text):
    (tmp_path / "config.ini").write_text(text)
    card = models.load(saved(checkpoint, tmp_path / "ckpt")).card
    assert (card.sample_rate, card.hop) == (44100, 128)
    assert "assumed" in card.note("sample_rate")


@pytest.mark.filterwarnings("ignore:Couldn't retrieve source code")
@pytest.mark.parametrize("module", ["rawvae.model", "some.older.place", "__main__"])
def test_a_whole_module_whatever_its_class_was_called(
    network, latents, tmp_path, zipped, module, monkeypatch
):
    for depth in range(1, module.count(".") + 1):
        package = module.rsplit(".", depth)[0]
        monkeypatch.setitem(sys.modules, package, types.ModuleType(package))
    made = types.ModuleType(module)
    made.raw_VAE = type("raw_VAE", (nn.Module,), {"__module__": module, "__qualname__": "raw_VAE"})
    with monkeypatch.context() as patch:
        patch.setitem(sys.modules, module, made)
        whole = made.raw_VAE()
        for name, layer in network.layers.named_children():
            setattr(whole, name, layer)
        whole.device, whole.extra = torch.device("cpu"), collections.defaultdict(list, a=[1])
        file = saved(whole, tmp_path / "best_model.pt", zipped)
    assert np.array_equal(models.load(file).network.decode(latents), network.decode(latents))


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float64])
def test_other_precisions_are_widened(layers, tmp_path, dtype):
    file = saved({"state_dict": {k: v.to(dtype) for k, v in layers.state_dict().items()}}, tmp_path / "ckpt")
    expected = layers.fc3.weight.to(dtype).to(torch.float32)
    assert torch.equal(models.load(file).network.layers.fc3.weight, expected)


def test_weights_that_are_views(layers, tmp_path):
    state = dict(layers.state_dict())
    state["fc3.weight"] = layers.fc3.weight.detach().t().contiguous().t()
    state["fc4.bias"] = torch.cat([torch.zeros(5), layers.fc4.bias.detach()])[5:]
    loaded = models.load(saved({"state_dict": state}, tmp_path / "ckpt"))
    assert torch.equal(loaded.network.layers.fc3.weight, layers.fc3.weight)
    assert torch.equal(loaded.network.layers.fc4.bias, layers.fc4.bias)


def test_shapes_that_do_not_fit(layers, tmp_path):
    state = dict(layers.state_dict()) | {"fc3.weight": torch.zeros(48, 9)}
    with pytest.raises(ModelError, match=r"fc3\.weight is \(48, 9\), \(48, 8\) was expected"):
        models.load(saved({"state_dict": state}, tmp_path / "ckpt"))
    del state["fc3.weight"]
    with pytest.raises(ModelError, match=r"fc3\.weight is missing"):
        models.load(saved({"state_dict": state}, tmp_path / "ckpt"))


@pytest.mark.parametrize(
    "content", [[1, 2], {"epoch": 3}, nn.Linear(2, 2), torch.zeros(3), {"state_dict": 3}]
)
def test_torch_files_without_a_model(content, tmp_path, zipped):
    with pytest.raises(ModelError):
        models.load(saved(content, tmp_path / "other", zipped))


@pytest.mark.parametrize(
    "content", [b"", b"hello", b"RIFF1234WAVE", b"PK\x03\x04", b"\x80\x02", os.urandom(5000)]
)
def test_foreign_files(content, tmp_path):
    (tmp_path / "ckpt").write_bytes(content)
    for read in (models.load, models.card_of):
        with pytest.raises(ModelError) as caught:
            read(tmp_path / "ckpt")
        assert "\n" not in str(caught.value)


@pytest.mark.parametrize("part", [0.01, 0.1, 0.5, 0.9, 0.999])
def test_truncated_checkpoints(checkpoint, tmp_path, zipped, part):
    file = saved(checkpoint, tmp_path / "ckpt", zipped)
    data = file.read_bytes()
    file.write_bytes(data[: int(len(data) * part)])
    with pytest.raises(ModelError):
        models.load(file)


class Calls:
    """Pickles as a call of `function` with `arguments`."""

    def __init__(self, function, *arguments):
        self.function, self.arguments = function, arguments

    def __reduce__(self):
        return self.function, self.arguments


def hostile_pickles(mark):
    """Pickles that would leave `mark` behind were they run."""
    command = f"open({str(mark)!r}, 'w').close()"
    yield pickle.dumps(Calls(os.system, f"touch {mark}"), 2)
    yield pickle.dumps(Calls(builtins.eval, command), 2)
    yield pickle.dumps(Calls(builtins.exec, command), 2)
    yield pickle.dumps({"state_dict": collections.OrderedDict(a=Calls(builtins.exec, command))}, 2)
    yield pickle.dumps(Calls(getattr, Calls(__import__, "os"), "system"), 2)
    yield f"(S'touch {mark}'\nios\nsystem\n.".encode()  # INST
    yield f"cposix\nsystem\n(S'touch {mark}'\ntR.".encode()
    yield f"(cposix\nsystem\nS'touch {mark}'\no.".encode()  # OBJ
    yield f"\x80\x04\x8c\x02os\x8c\x06system\x93\x8c{chr(len(f'touch {mark}'))}touch {mark}\x85R.".encode(
        "latin1"
    )
    rebuild = "ctorch._utils\n_rebuild_tensor_v2\n"
    yield f"{rebuild}}}S'__code__'\nS'x'\nsb.".encode()  # BUILD on an allowed function
    yield f"{rebuild}(cos\nsystem\nI0\n(t(ttR.".encode()
    yield b"ccollections\nOrderedDict\n}S'__init__'\ncos\nsystem\nsb."  # BUILD on an allowed class
    yield b"ccollections\nOrderedDict.fromkeys.__globals__\n."
    yield b"\x80\x04\x8c\x0bcollections\x8c\x1dOrderedDict.__init__.__objclass__\x93."


def test_hostile_pickles_run_nothing(tmp_path, monkeypatch):
    mark = tmp_path / "run"
    ran = []
    monkeypatch.setattr(os, "system", ran.append)
    for index, data in enumerate(hostile_pickles(mark)):
        zipped = tmp_path / f"zip{index}"
        with zipfile.ZipFile(zipped, "w") as archive:
            archive.writestr("archive/data.pkl", data)
        legacy = tmp_path / f"legacy{index}"
        head = [0x1950A86A20F9469CFC6C, 1001, {"little_endian": True}]
        legacy.write_bytes(b"".join(pickle.dumps(item, 2) for item in head) + data + pickle.dumps([], 2))
        bare = tmp_path / f"bare{index}"
        bare.write_bytes(data)
        for file in (zipped, legacy, bare):
            for read in (models.load, models.card_of):
                with pytest.raises(ModelError):
                    read(file)
    assert not mark.exists()
    assert ran == []


def test_a_hostile_optimizer_beside_good_weights_is_inert(layers, network, latents, tmp_path):
    mark = tmp_path / "run"
    content = {"state_dict": layers.state_dict(), "optimizer": Calls(os.system, f"touch {mark}")}
    loaded = models.load(saved(content, tmp_path / "ckpt"))
    assert not mark.exists()
    assert np.array_equal(loaded.network.decode(latents), network.decode(latents))


def rewritten(file, change):
    """The zip `file` with each (name, data) passed through `change`."""
    with zipfile.ZipFile(file) as archive:
        items = [(name, archive.read(name)) for name in archive.namelist()]
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in items:
            archive.writestr(name, change(name, data))
    return file


def test_storages_smaller_than_their_tensors(checkpoint, tmp_path):
    file = saved(checkpoint, tmp_path / "ckpt")
    rewritten(file, lambda name, data: data[:8] if "/data/" in name else data)
    for read in (models.load, models.card_of):
        with pytest.raises(ModelError, match="smaller than its tensor"):
            read(file)


def test_a_tensor_that_reaches_out_of_its_storage(tmp_path):
    stream = io.BytesIO()
    stream.write(b"\x80\x02}U\x0astate_dict}")
    for name, shape in {"fc1.weight": (4, 1 << 36), "fc21.weight": (2, 4)}.items():
        stream.write(
            b"U" + bytes([len(name)]) + name.encode() + b"ctorch._utils\n_rebuild_tensor_v2\n((U\x07storage"
        )
        stream.write(b"ctorch\nFloatStorage\nU\x010U\x03cpuK\x08tQK\x00")
        for size in shape:
            stream.write(b"\x8a\x08" + struct.pack("<q", size))
        stream.write(b"\x86K\x00K\x00\x86\x89}tRs")
    stream.write(b"s.")
    with zipfile.ZipFile(tmp_path / "ckpt", "w") as archive:
        archive.writestr("archive/data.pkl", stream.getvalue())
        archive.writestr("archive/data/0", bytes(32))
    with pytest.raises(ModelError):
        models.load(tmp_path / "ckpt")
