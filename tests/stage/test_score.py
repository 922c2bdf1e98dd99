"""The code of a set, read from its journal as that grows."""

from __future__ import annotations

from latentcode.stage.score import Block, Score, played_once, playing

HEADER = "# latentcode session 1\n# @ seed 7  rate 44100\n"


def test_blocks_come_as_the_journal_grows(tmp_path):
    journal = tmp_path / "set.py"
    score = Score(journal)
    assert not score.grown()  # it is not there yet
    journal.write_text(HEADER + "\n# @ 1 512 1/4\n# \\@ mine\nd1 >> s('cello')\n")
    assert score.grown()
    assert [(block.code, block.voices) for block in score.blocks.values()] == [
        ("# @ mine\nd1 >> s('cello')", ())
    ]
    with journal.open("a") as file:
        file.write(
            "# @ 1 d1 9c41e0 512\n# @ 1 d12 9c41e0 512\n# @ by 2 editor\n\n# @ 2 600 1/4\nd2 >> (\n\n  'café')"
        )
    assert score.grown()
    assert list(score.blocks) == [1]  # a line that is not whole yet is left for later
    with journal.open("ab") as file:
        file.write(b"\n# @ in cc:1@x 700 0.5\n# @ failed 2\n")
    assert score.grown()
    assert not score.grown()
    first, second = score.blocks.values()
    assert (first.voices, first.failed, first.by) == ((0, 11), False, "")
    assert (second.code, second.failed, second.by) == ("d2 >> (\n\n  'café')", True, "editor")


def test_what_plays_is_what_no_later_block_has_replaced(tmp_path):
    journal = tmp_path / "set.py"
    blocks = {
        1: ("d1 >> 'cello'; d2 >> 'kick'", ("d1", "d2")),
        2: ("d1.gain(.5)", ("d1",)),
        3: ("for d in (d1, d3): d >> 'choir'", ("d1", "d3")),
        4: ("d2 >> 1/0", ("d2",)),
    }
    text = "".join(
        f"\n# @ {number} 512\n{code}\n" + "".join(f"# @ {number} {voice} abc 512\n" for voice in voices)
        for number, (code, voices) in blocks.items()
    )
    journal.write_text(HEADER + text + "# @ failed 4\n")
    score = Score(journal)
    assert score.grown()
    shown = list(score.blocks.values())
    assert playing(shown, dict.fromkeys((0, 1, 2), ("", ""))) == {3: (0, 2), 1: (1,)}
    assert playing(shown, {2: ("'choir'", "")}) == {3: (2,)}
    # a scene, back and undo bring back
    assert playing(shown, {0: ("'cello'", ""), 2: ("", "")}) == {1: (0,), 3: (2,)}
    assert playing(shown, {1: ("'rain' .fast(2)", "")}) == {1: (1,)}


def test_what_waits_for_its_boundary_does_not_play_yet():
    first, then = Block(1, "d1 >> 'cello'", (0,)), Block(2, "d1 >> 'cello'.fast(2)", (0,))
    assert playing([first, then], {0: ("'cello'", "'cello'.fast(2)")}) == {1: (0,)}
    assert playing([first, then], {0: ("'cello'.fast(2)", "")}) == {2: (0,)}
    assert playing([first, then], {0: ("melody", "'cello'.fast(2)")}) == {1: (0,)}
    assert playing([first], {0: ("", "'cello'")}) == {}


def test_what_was_made_of_a_line_since_does_not_play_after_undo():
    first = Block(1, "d1 >> s('cello').gain('.5 1')\nx = 2", (0,))
    then = Block(2, "d1 >> s('cello').gain('.5 1').fast(2)", (0,))
    assert playing([first, then], {0: ("s('cello').gain('.5 1')", "")}) == {1: (0,)}
    assert playing([first, then], {0: ("s('cello').gain('.5 1').fast(2)", "")}) == {2: (0,)}


def test_a_function_that_tells_a_voice_plays_and_a_fader_does_not():
    blocks = [Block(1, "d1 >> 'cello'", (0,)), Block(2, "drums(d1)", (0,)), Block(3, "d1.gain(.5)", (0,))]
    assert playing(blocks, {0: ('s("rain")', "")}) == {2: (0,)}
    assert playing([*blocks, Block(4, "d1.play('choir')", (0,))], {0: ("melody", "")}) == {4: (0,)}


def test_what_plays_once_does_so_in_the_last_block_that_has_it():
    blocks = [Block(1, "once('hat')"), Block(2, "d1.once( 'hat' )", (0,)), Block(3, "d1 >> 'hat'", (0,))]
    assert played_once(blocks, [(15, "'hat'")]) == {2: (15,)}
    assert played_once(blocks, [(15, "'rim'")]) == {}
    assert playing(blocks[:2], {0: ("'hat'", "")}) == {}
