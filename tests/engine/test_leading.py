"""The lead that is found by itself."""

from __future__ import annotations

from latentcode.engine.latency import FOUND, SECONDS, THIN_OUT, Jumps, Leading

RATE, BUFFER = 44100, 256


def seconds(leading, left, count, begin=0.0):
    for place in range(count * 50):
        leading.saw(left if place % 50 else left + 100, begin + place / 50)


def settle(needed, lead, least=8.0):
    """The lead after some minutes on a machine that takes `needed` samples at worst for a block."""
    leading = Leading(RATE)
    leading.begin(True)
    for second in range(300):
        seconds(leading, round(lead * RATE / 1000) - needed, 1, float(second))
        lead = leading.wanted(lead, BUFFER, least)
    return lead


def test_a_lead_that_is_too_long_or_too_short_settles_where_enough_is_left():
    for begin in (10.0, 46.0, 150.0):
        lead = settle(300, begin)
        left = lead * RATE / 1000 - 300
        assert BUFFER < left < 3 * BUFFER


def test_it_goes_no_lower_than_the_least():
    assert settle(10, 46.0, least=20.0) == 20.0


def test_a_lead_that_was_chosen_stays():
    leading = Leading(RATE)
    leading.begin(False)
    seconds(leading, 0, SECONDS + 2)
    assert leading.wanted(46.0, BUFFER, 8.0) == 46.0
    assert leading.spare == 0


def test_what_is_spare_is_known_after_some_seconds():
    leading = Leading(RATE)
    seconds(leading, 700, SECONDS - 1)
    assert leading.spare is None
    seconds(leading, 700, 2, float(SECONDS))
    assert leading.spare == 700


def test_a_lead_that_is_often_too_short_is_said_once_in_a_while():
    leading = Leading(RATE)
    seconds(leading, 500, 5)
    assert leading.warning(30.0, 5.0) is None
    seconds(leading, -10, 4, 5.0)
    assert 'in 4 of the last 9 seconds: lead(45) gives it more time, lead("auto")' in leading.warning(
        30.0, 9.0
    )
    assert leading.warning(30.0, 10.0) is None
    assert leading.warning(30.0, 80.0) is not None
    leading.begin(auto=True)
    assert leading.warning(30.0, 200.0) is None


def test_a_lead_that_nobody_chose_is_raised_when_it_is_often_too_short():
    leading = Leading(RATE, chosen=False)
    seconds(leading, 500, 5)
    assert leading.wanted(26.0, BUFFER, 8.0) == 26.0
    seconds(leading, -10, 4, 5.0)
    assert "the lead is 39 ms now; lead(26) puts it back" in leading.warning(26.0, 9.0)
    assert leading.wanted(26.0, BUFFER, 8.0) == 39.0
    seconds(leading, 500, 20, 9.0)
    assert leading.wanted(39.0, BUFFER, 8.0) == 39.0
    leading.begin(False)
    seconds(leading, -10, 5, 30.0)
    assert leading.wanted(26.0, BUFFER, 8.0) == 26.0


def test_a_lead_that_can_be_no_longer_is_told_once_in_a_while_with_what_else_helps():
    leading, lead, told = Leading(RATE, chosen=False), 26.0, []
    for second in range(100):
        leading.saw(-10, float(second))
        told.append(leading.warning(lead, float(second)))
        lead = leading.wanted(lead, BUFFER, 8.0)
    assert lead == FOUND
    last = [text for text in told if text and "the lead is" not in text]
    assert len(last) == 1
    assert THIN_OUT in last[0]


def test_a_lead_that_rose_falls_again_when_an_hour_has_been_calm():
    leading, lead, leads, told = Leading(RATE, chosen=False), 26.0, [], []
    late = {*range(10, 14), *range(100, 104), *range(9000, 9004), 15000}
    for second in range(40_000):
        leading.saw(-10 if second in late else 500, float(second))
        text = leading.warning(lead, float(second))
        if (new := leading.wanted(lead, BUFFER, 8.0)) != lead:
            lead = new
            leads.append((second, round(lead)))
            told.append(text)
    assert [ms for _, ms in leads] == [39, 58, 39, 26, 39, 26]
    moments = [second for second, _ in leads]
    assert 3600 <= moments[2] - 103 < 3605
    assert 3600 <= moments[3] - moments[2] < 3605
    assert (
        7200 <= moments[5] - 15000 < 7205
    )  # it had been too early: twice as long, since the last late block
    assert "the lead is 39 ms now; lead(26) puts it back" in told[0]
    assert told[2] == "no sound came too late for 1 h: the lead is 39 ms again"
    assert told[5] == "no sound came too late for 2 h: the lead is 26 ms again"


def test_a_lead_that_was_chosen_since_does_not_fall():
    leading = Leading(RATE, chosen=False)
    seconds(leading, -10, 4)
    assert leading.wanted(26.0, BUFFER, 8.0) == 39.0
    leading.begin(False)
    for second in range(4, 8000):
        leading.saw(500, float(second))
        assert leading.warning(60.0, float(second)) is None
        assert leading.wanted(60.0, BUFFER, 8.0) == 60.0


def test_a_device_with_longer_buffers_gets_the_lead_that_it_needs_and_a_shorter_one_what_there_was():
    leading = Leading(RATE, False)
    assert leading.fitted(26.0, 8.7) == 26.0
    assert leading.fitted(26.0, 188.7) == 188.7
    assert leading.fitted(188.7, 49.3) == 49.3
    assert leading.fitted(49.3, 8.7) == 26.0
    assert leading.fitted(74.0, 49.3) == 74.0  # risen, or chosen, meanwhile
    assert leading.fitted(74.0, 8.7) == 74.0


def test_a_lead_beyond_what_is_found_by_itself_is_never_made_shorter_because_it_is_too_short():
    leading = Leading(RATE, False)
    seconds(leading, -5, SECONDS)
    assert leading.wanted(380.0, 16384, 372.0) == 380.0
    leading.begin(True)
    seconds(leading, 5, SECONDS)
    assert leading.wanted(380.0, 16384, 372.0) == 380.0


def test_a_lead_that_is_as_long_as_can_be_is_not_told_to_be_longer():
    leading = Leading(RATE)
    seconds(leading, -10, 9)
    assert "fewer voices help" in leading.warning(600.0, 9.0)


def test_time_that_is_lost_again_and_again_is_told_once_in_a_while():
    jumps = Jumps()
    said = [jumps.told(float(moment)) for moment in range(0, 125, 2)]
    told = [(2 * place, text) for place, text in enumerate(said) if text]
    assert told[0] == (0, "the machine stood still: the set goes on where it would be now")
    assert [moment for moment, _ in told] == [0, 60, 120]
    assert "time was lost 30 times" in told[1][1]
