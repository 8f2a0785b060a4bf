"""The line that is said when compilation keeps somebody waiting."""

import multiprocessing
import sys
import threading
import time

import pytest

from spinglass.running.first_time import FirstTime


@pytest.fixture(autouse=True)
def heard(monkeypatch):
    monkeypatch.delenv("SPINGLASS_QUIET", raising=False)


def wait(clock):
    for _ in range(2000):
        if clock.said:
            return
        time.sleep(0.005)
    raise AssertionError("nothing was said")


def test_it_is_said_once_and_while_one_waits(capsys):
    clock = FirstTime(lambda: "/some/folder", patience=0.01)
    for function in ("first", "second"):
        clock.begin(function)
        wait(clock)
        clock.end(function)
    out, err = capsys.readouterr()
    assert out == "" and err.count("\n") == 1
    assert err.startswith("spinglass: compiling") and "/some/folder" in err and "python -m spinglass warm" in err


def test_short_compilations_are_not_worth_a_line_but_many_are(capsys):
    clock = FirstTime(lambda: None, patience=0.2)
    clock.begin("first")
    clock.end("first")
    assert threading.active_count() < 50 and not clock.said
    clock.seconds = 0.2  # of many
    clock.begin("last")
    wait(clock)
    clock.end("last")
    assert "every time" in capsys.readouterr().err


def test_a_function_compiled_on_the_way_to_another_does_not_stop_the_clock():
    clock = FirstTime(lambda: None, patience=60.0)
    clock.begin("outer")
    clock.begin("inner")
    clock.end("inner")
    assert clock.seconds == 0.0
    clock.end("outer")
    assert clock.seconds > 0.0


@pytest.mark.parametrize("how", ["variable", "worker", "no stderr", "closed"])
def test_it_can_be_hidden(capsys, monkeypatch, how):
    if how == "variable":
        monkeypatch.setenv("SPINGLASS_QUIET", "1")
    elif how == "worker":
        monkeypatch.setattr(multiprocessing, "parent_process", lambda: "another")
    elif how == "no stderr":
        monkeypatch.setattr(sys, "stderr", None)
    else:
        closed = open("/dev/null", "w")
        closed.close()
        monkeypatch.setattr(sys, "stderr", closed)
    clock = FirstTime(lambda: None)
    clock.say()
    assert clock.said
    monkeypatch.undo()
    assert capsys.readouterr() == ("", "")
