import pytest

from linkwatch.spool import concatenate, sequence

PARTS = [(1, 2), (), [3], (4, 5, 6)]
EVERY = [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize("in_memory", [2, 100], ids=["many", "few"])
def test_the_parts_are_one_sequence(in_memory: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sequence, "IN_MEMORY", in_memory)
    whole = concatenate(PARTS)
    assert isinstance(whole, list) is (in_memory == 100)
    assert (list(whole), len(whole)) == (EVERY, 6)
    assert [whole[at] for at in range(-6, 6)] == EVERY * 2
    assert list(whole[1:5:2]) == [2, 4]
    for beyond in (6, -7):
        with pytest.raises(IndexError):
            whole[beyond]


def test_of_no_parts_there_is_nothing() -> None:
    assert list(concatenate([])) == []
