"""hesim without what only Unix has, simulated on Linux; nothing here was run on Windows."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import fake_windows
import processes
import psutil
import pytest

from hesim.process import lease, lock
from hesim.process.child import windows_options
from hesim.process.lock import SHARERS, lock_alone, lock_shared, unheld

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted((ROOT / "src" / "hesim").rglob("*.py"))
LIKE_WINDOWS = [ROOT / "tests/support/windows_like", ROOT / "tests/support", ROOT / "src"]


def like_windows(code: str, *arguments: str) -> list[str]:
    """Lines that a fresh Python prints which finds what it would find on Windows."""
    made = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, LIKE_WINDOWS))},
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    return made.stdout.splitlines()


IMPORT_ALL = """
import importlib, pkgutil, sys
import hesim, hesim.process.lock
names = [each.name for each in pkgutil.walk_packages(hesim.__path__, "hesim.")]
for name in names:
    importlib.import_module(name)
for gone in ("fcntl", "resource", "pwd", "grp", "termios", "pty", "tty", "posix"):
    try:
        exec(f"import {gone}", {"__name__": "hesim"})
    except ImportError:
        continue
    raise AssertionError(gone)
import hesim.process.signals as signals, hesim.execution.engines.engine as engine
assert hesim.process.lock.fcntl is None and not hasattr(signals.signal, "SIGHUP")
assert not hasattr(engine.os, "sched_getaffinity")
print(len(names))
"""

RUN = """
import sys
from pathlib import Path
import hesim
from hesim.process import lock, parent, signals
assert lock.OPEN_STAYS and parent.WINDOWS and len(signals.ASKING) == 2
place = Path(sys.argv[1])
small = dict(scale=0.01, years=1, burn_in=0, replications=2, calibration="none", figures=False)
one = hesim.run(workers=1, output=place / "one", **small)
two = hesim.run(workers=2, engine="processes", output=place / "two", **small)
assert one.summary.equals(two.summary)
print(len(one.summary), *sorted(each.name for each in place.rglob("*") if each.name[0] == "."))
"""


@pytest.mark.once
def test_every_module_is_imported_without_the_modules_of_unix() -> None:
    [count] = like_windows(IMPORT_ALL)
    assert int(count) > 400


@pytest.mark.once
def test_a_run_needs_nothing_of_unix_alone_and_in_two_processes(tmp_path: Path) -> None:
    lines = like_windows(RUN, str(tmp_path))
    assert int(lines[-1]) > 0, "rows, and no lock or part that was left"
    usual = tmp_path / "usual"
    words = "population.scale=0.01 years=1 burn_in=0 replications=2 calibration=none figures=false"
    command = [sys.executable, "-m", "hesim", "run", *words.split(), "workers=1", f"output={usual}"]
    subprocess.run(command, check=True, capture_output=True)
    for name in ("one", "two"):
        assert (tmp_path / name / "summary.csv").read_bytes() == (
            usual / "summary.csv"
        ).read_bytes()


def test_modules_of_unix_are_asked_for_where_they_may_be_missing() -> None:
    """Nowhere but where `ImportError` is caught."""
    for file in SOURCES:
        tree = ast.parse(file.read_text(encoding="utf-8"))
        caught = {
            id(inside)
            for node in ast.walk(tree)
            if isinstance(node, ast.Try) and "ImportError" in map(_name, node.handlers)
            for inside in node.body
        }
        for node in ast.walk(tree):
            names = [each.name for each in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            assert id(node) in caught or not fake_windows.MISSING & set(names), file


def _name(handler: ast.ExceptHandler) -> str:
    return handler.type.id if isinstance(handler.type, ast.Name) else ""


TEXTS = ("read_text", "write_text")


def _unnamed(tree: ast.AST) -> Iterator[int]:
    """Lines that read or write text whose encoding or ends of lines depend on the machine."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        words = {each.arg: each.value for each in node.keywords}
        if name == "to_csv" and "lineterminator" not in words:
            yield node.lineno
        if None in words or "encoding" in words:
            continue
        plain = [each.value for each in node.args if isinstance(each, ast.Constant)]
        modes = [each for each in plain if isinstance(each, str) and set(each) <= set("rwaxbt+")]
        on_os = getattr(getattr(node.func, "value", None), "id", "") in ("os", "webbrowser")
        if (
            (name in TEXTS and "utf-8" not in plain)
            or (name in ("open", "fdopen") and not on_os and "b" not in "".join(modes))
            or (name in ("run", "Popen", "check_output") and "text" in words)
        ):
            yield node.lineno


def test_every_text_is_read_and_written_as_utf8() -> None:
    wrong = [
        f"{file.relative_to(ROOT)}:{line}"
        for file in SOURCES
        for line in _unnamed(ast.parse(file.read_text(encoding="utf-8")))
    ]
    assert not wrong


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("open(x)", 1),
        ("x.read_text()", 1),
        ("x.write_text(y, 'utf-8')", 0),
        ("x.open('rb')", 0),
        ("x.open('w', encoding='utf-8')", 0),
        ("subprocess.run(x, text=True)", 1),
        ("frame.to_csv(index=False)", 1),
        ("frame.to_csv(index=False, lineterminator=x)", 0),
    ],
)
def test_texts_without_an_encoding_are_seen(code: str, found: int) -> None:
    assert len(list(_unnamed(ast.parse(code)))) == found


@pytest.fixture(params=["unix", "windows"])
def system(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Locks as this system has them, and as Windows has."""
    if request.param == "windows":
        monkeypatch.setattr(lock, "fcntl", None)
        monkeypatch.setattr(lock, "OPEN_STAYS", True)
        monkeypatch.setitem(sys.modules, "msvcrt", fake_windows.module())
    return str(request.param)


def test_locks_exclude_one_another_and_go_with_what_is_open(system: str, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"owner")
    with file.open("r+b") as one, file.open("r+b") as two, file.open("r+b") as three:
        one.seek(3)
        assert lock_alone(one.fileno()) and not lock_alone(two.fileno())
        # Who has it can be read, and the place in the file is as it was.
        assert two.read() == b"owner" and one.read() == b"er"
        one.close()
        assert lock_shared(two.fileno()) and lock_shared(three.fileno())
        with unheld(file) as free:
            assert not free
        two.close()
        with unheld(file) as free:
            assert not free
        three.close()
        with unheld(file) as free:
            assert free
    with unheld(tmp_path / "nothing") as free:
        assert not free


def test_no_more_share_a_lock_than_have_a_byte(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(lock, "fcntl", None)
    monkeypatch.setitem(sys.modules, "msvcrt", fake_windows.module())
    monkeypatch.setattr(lock, "SHARERS", 2)
    file = tmp_path / "file"
    file.touch()
    assert SHARERS > 1000
    with file.open("r+b") as one, file.open("r+b") as two, file.open("r+b") as three:
        assert [lock_shared(each.fileno()) for each in (one, two, three)] == [True, True, False]


def test_where_no_system_locks_it_is_an_error_of_the_disk(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(lock, "fcntl", None)
    with (tmp_path / "file").open("wb") as file, pytest.raises(OSError, match="No locks"):
        lock_alone(file.fileno())


HOLD = """
import sys, pathlib
from hesim.process.lease import Lease
from hesim.shelf import Shelf
held = Lease(pathlib.Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize("like", ["unix", "windows"])
def test_a_killed_process_frees_what_it_held(
    like: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "work"
    folder.mkdir()
    env = dict(os.environ)
    if like == "windows":
        env["PYTHONPATH"] = os.pathsep.join(map(str, LIKE_WINDOWS))
        monkeypatch.setattr(lock, "fcntl", None)
        monkeypatch.setattr(lock, "OPEN_STAYS", True)
        monkeypatch.setitem(sys.modules, "msvcrt", fake_windows.module())
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder)],
        env=env,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None and process.stdout.readline() == b"held\n"
        assert not lease.clear(folder) and folder.exists()
        process.kill()
        process.communicate()
    assert lease.clear(folder) and not folder.exists()


PARENT = """
import os, subprocess, sys
child = "import sys; from hesim.process.parent import watch_parent; watch_parent(int(sys.argv[1]));"
child += "print('there', flush=True); sys.stdin.read()"
made = subprocess.Popen([sys.executable, "-c", child, str(os.getpid())], stdin=subprocess.PIPE)
print(made.pid, flush=True)
made.wait()
"""


def test_on_windows_too_a_child_ends_after_its_parent() -> None:
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, LIKE_WINDOWS))}
    with subprocess.Popen([sys.executable, "-c", PARENT], env=env, stdout=subprocess.PIPE) as made:
        assert made.stdout is not None
        lines = {made.stdout.readline(), made.stdout.readline()}
        assert b"there\n" in lines
        child = psutil.Process(int((lines - {b"there\n"}).pop()))
        assert processes.alive(child)
        made.kill()
        made.wait()
        assert processes.gone([child])


def test_windows_hands_on_a_handle_and_starts_the_python_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    inheritable: list[tuple[int, bool]] = []

    class Startup:
        def __init__(self, **given: object) -> None:
            self.given = given

    monkeypatch.setattr(
        os, "set_handle_inheritable", lambda *given: inheritable.append(given), raising=False
    )
    monkeypatch.setattr(subprocess, "STARTUPINFO", Startup, raising=False)
    monkeypatch.setattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 512, raising=False)
    monkeypatch.setattr(sys, "_base_executable", r"C:\Python\python.exe", raising=False)
    made = windows_options(7)
    assert inheritable == [(7, True)]
    assert made["startupinfo"].given == {"lpAttributeList": {"handle_list": [7]}}
    assert made["executable"] == r"C:\Python\python.exe" and made["creationflags"] == 512
    assert made["env"]["__PYVENV_LAUNCHER__"] == sys.executable
    monkeypatch.setattr(sys, "_base_executable", sys.executable)
    assert "executable" not in windows_options(7)
