"""Checkpoints as people have them: the weights are found wherever a training put them, or the file is refused."""

from __future__ import annotations

import sys
import types
from collections import OrderedDict

import numpy as np
import pytest
import torch
from torch import nn

from latentcode import cli, models
from latentcode.errors import ModelError
from latentcode.models.families.raw.network import Layers


def prefixed(state, prefix):
    return OrderedDict((f"{prefix}{name}", tensor) for name, tensor in state.items())


@pytest.fixture
def state(layers):
    return layers.state_dict()


@pytest.fixture
def other(layers):
    torch.manual_seed(9)
    return Layers(64, 48, 8).state_dict()


def written(content, path, zipped=True):
    torch.save(content, path, _use_new_zipfile_serialization=zipped)
    return path


def same(file, state):
    loaded = models.load(file)
    assert models.card_of(file) == loaded.card
    return all(
        torch.equal(state[name], weight) for name, weight in loaded.network.layers.state_dict().items()
    )


PREFIXES = [
    "",
    "module.",
    "_orig_mod.",
    "module._orig_mod.",
    "_orig_mod.module.model.",
    "model.module.",
    "a.b.",
]


@pytest.mark.parametrize("prefix", PREFIXES)
@pytest.mark.parametrize(
    "within",
    [
        lambda state: state,
        lambda state: {"epoch": 5, "model_state_dict": state, "optimizer": {"state": {0: torch.zeros(3)}}},
        lambda state: {"ema": state, "step": 3},
        lambda state: {"state_dict": {"model": dict(state)}, "hyper_parameters": types.SimpleNamespace(a=1)},
        lambda state: {"checkpoint": [1, {"generator": state}], "fc9": torch.zeros(2, 2)},
    ],
)
def test_under_any_key_and_behind_any_prefix(state, tmp_path, prefix, within):
    assert same(written(within(prefixed(state, prefix)), tmp_path / "ckpt_00500"), state)


def test_a_compiled_layer_inside_of_the_model(state, tmp_path):
    names = {name: name.replace("fc3.", "fc3._orig_mod.") for name in state}
    assert same(written({names[name]: state[name] for name in state}, tmp_path / "ckpt"), state)


@pytest.mark.filterwarnings("ignore:Couldn't retrieve source code")
@pytest.mark.parametrize("zipped", [True, False])
@pytest.mark.parametrize("wrap", [nn.DataParallel, torch.optim.swa_utils.AveragedModel, nn.Sequential])
def test_modules_that_were_saved_whole(layers, state, tmp_path, wrap, zipped):
    for number, content in enumerate((wrap(layers), {"ema": wrap(layers), "epoch": 2})):
        assert same(written(content, tmp_path / f"best{number}.pt", zipped), state)


def test_an_average_of_weights_counts_what_it_has_seen(layers, state, tmp_path):
    average = torch.optim.swa_utils.AveragedModel(layers)
    assert "n_averaged" in average.state_dict()
    assert same(written({"ema": average.state_dict()}, tmp_path / "ckpt"), state)


@pytest.mark.parametrize(
    "extra",
    ["fc5.weight", "lstm_encoder.weight_ih_l0", "bn1.running_mean", "window", "encoder.fc1.weight_g"],
)
@pytest.mark.parametrize("prefix", ["", "module.", "vae."])
def test_layers_that_a_raw_audio_vae_does_not_have(state, tmp_path, prefix, extra):
    content = {"state_dict": prefixed(dict(state) | {extra: torch.zeros(48)}, prefix)}
    with pytest.raises(ModelError, match=f"layers that a raw-audio VAE does not have: {extra}"):
        models.card_of(written(content, tmp_path / "ckpt"))


def test_a_whole_module_with_a_layer_more(layers, tmp_path):
    layers.bn = nn.BatchNorm1d(48)
    with pytest.raises(ModelError, match=r"bn\.weight"):
        models.load(written(layers, tmp_path / "best.pt"))


def test_what_stands_beside_the_model_is_named(state, tmp_path):
    content = {"state_dict": prefixed(state, "model.") | {"critic.conv.weight": torch.zeros(3, 3)}}
    assert "critic.conv.weight" in models.card_of(written(content, tmp_path / "ckpt")).note("left out")


def test_of_several_models_the_usual_one_counts_and_the_other_can_be_had(state, other, tmp_path, capsys):
    file = written({"state_dict": state, "ema": prefixed(other, "module.")}, tmp_path / "ckpt_00500")
    assert same(file, state)
    assert cli.main(["info", str(file)]) == 0
    assert "there are 'ema' as well" in capsys.readouterr().out
    assert same(f"{file}#ema", other)
    assert models.card_of(f"{file}#ema").digest != models.card_of(file).digest
    assert models.card_of(models.card_of(f"{file}#ema").file) == models.card_of(f"{file}#ema")
    with pytest.raises(ModelError, match="no one model 'em'; it has 'state_dict', 'ema'"):
        models.load(f"{file}#em")


@pytest.mark.parametrize(
    "content",
    [
        lambda a, b: {"teacher": a, "student": b},
        lambda a, b: {"state_dict": prefixed(a, "teacher.") | prefixed(b, "student.")},
        lambda a, b: [{"teacher": a}, {"student": b}],
    ],
)
def test_of_several_models_none_is_guessed(state, other, tmp_path, content):
    file = written(content(state, other), tmp_path / "ckpt")
    with pytest.raises(
        ModelError, match=r"holds 2 models, .*teacher.*student.*; give one, as in .*#.*student"
    ):
        models.card_of(file)
    assert same(f"{file}#student", other)
    assert same(f"{file}#teacher", state)


def test_one_model_under_two_keys_is_one(state, tmp_path):
    assert same(written({"last": state, "best": state}, tmp_path / "ckpt"), state)


def test_a_file_may_have_a_sharp_in_its_name(state, tmp_path):
    assert same(written(state, tmp_path / "c#4"), state)


@pytest.mark.parametrize("zipped", [True, False])
def test_views_with_the_other_sign(layers, state, tmp_path, zipped):
    weight = layers.fc3.weight.detach()
    turned = torch.complex(torch.zeros_like(weight), -weight).conj().imag
    assert turned.is_neg()
    content = dict(state) | {
        "fc3.weight": turned,
        "fc4.bias": nn.Parameter(torch._neg_view(-state["fc4.bias"])),
    }
    assert same(written({"state_dict": content}, tmp_path / "ckpt", zipped), state)


@pytest.mark.parametrize("name", ["ckpt_00500", "model.pth.tar", "weights.bin", "notes.wav"])
@pytest.mark.parametrize("zipped", [True, False])
def test_info_knows_a_model_whatever_it_is_called(state, tmp_path, name, zipped, capsys):
    assert cli.main(["info", str(written({"ema": state}, tmp_path / name, zipped))]) == 0
    assert "windows of 64 samples, 8 latents, 48 units" in capsys.readouterr().out


def test_a_module_of_a_class_with_a_state_of_its_own(state, tmp_path):
    made = types.ModuleType("somewhere")
    made.Box = type("Box", (dict,), {"__module__": "somewhere", "__qualname__": "Box"})
    sys.modules["somewhere"] = made
    try:
        file = written({"net": made.Box(state), "more": made.Box({(1, 2): 3})}, tmp_path / "ckpt")
    finally:
        del sys.modules["somewhere"]
    assert same(file, state)


def test_a_card_says_the_same_for_the_loaded_model(network, latents, state, tmp_path):
    loaded = models.load(written({"ema": {"module": prefixed(state, "_orig_mod.")}}, tmp_path / "ckpt"))
    assert np.array_equal(loaded.network.decode(latents), network.decode(latents))
