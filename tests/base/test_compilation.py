"""Compiled code is that of the sources as they are, wherever and by whomever it was compiled."""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from hesim import shelf as shelves
from hesim.record import manifest
from hesim.shelf import LOCK, NEWEST, UNUSED, Shelf, prune
from hesim.sources import PACKAGE, compiled_sources, digest

MOMENTS = """
import json
import numpy as np
from hesim.model.choice import taste_moments
value = int(taste_moments(3, np.uint64(5)).sum())
stats = taste_moments.stats
print(json.dumps([value, sum(stats.cache_hits.values()), sum(stats.cache_misses.values())]))
"""
"""Calls a compiled function that has one of another file written into it."""
LOADED = """
import json, sys
from pathlib import Path
package, opened = Path(sys.argv[1]), []
sys.addaudithook(lambda event, given: opened.append(given[0]) if event == "open" else None)
for name in sys.argv[2:]:
    __import__(name)
from numba.core.dispatcher import Dispatcher
modules = [sys.modules[name] for name in sys.argv[2:]]
values = [value for module in modules for value in vars(module).values()]
compiled = {value.py_func.__module__ for value in values if isinstance(value, Dispatcher)}
reached = {value.__name__ if isinstance(value, type(sys)) else getattr(value, "__module__", "")
           for value in values}
reached = [name for name in reached if str(name).split(".")[0] == "hesim"]
data = [str(file) for file in opened if isinstance(file, str) and file.startswith(str(package))
        and not file.endswith((".py", ".pyc"))]
print(json.dumps([sorted(reached), sorted(compiled), data]))
"""


def python(code: str, *words: str, source: Path = PACKAGE.parent, **environment: str) -> str:
    """What a fresh Python prints, with the package of a folder."""
    start = f"import sys; sys.path.insert(0, {str(source)!r})\n"
    ended = subprocess.run(
        [sys.executable, "-c", start + code, *words],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout + ended.stderr


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the package."""
    place = tmp_path / "src" / "hesim"
    shutil.copytree(PACKAGE, place, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(PACKAGE.parents[1] / "conf", place / "_conf")
    return place


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_an_edit_of_an_inlined_function_changes_the_code_that_runs(
    copy: Path, tmp_path: Path
) -> None:
    def moments() -> list[int]:
        environment = {"NUMBA_CACHE_DIR": str(tmp_path / "cache")}
        return json.loads(python(MOMENTS, source=copy.parent, **environment))

    first, _, compiled = moments()
    assert compiled == 1
    assert moments() == [first, 1, 0]
    before = (copy / "random.py").read_text(encoding="utf-8")
    edit(copy / "random.py", "uint64(0x94D049BB133111EB)", "uint64(0x94D049BB133111ED)")
    other, _, compiled = moments()
    assert other != first
    assert compiled == 1
    # Back at the first code, what was compiled of it is still there.
    (copy / "random.py").write_text(before, encoding="utf-8")
    assert moments() == [first, 1, 0]


@pytest.mark.long
def test_an_edit_of_class_of_changes_what_the_survey_says(copy: Path, tmp_path: Path) -> None:
    def survey(name: str) -> bytes:
        words = [
            "run",
            "years=1",
            "burn_in=2",
            "population.scale=0.02",
            "replications=1",
            "workers=1",
            "figures=false",
            f"output={tmp_path / name}",
        ]
        code = f"from hesim.cli import main; sys.exit(main({words!r}))"
        python(code, source=copy.parent, NUMBA_CACHE_DIR=str(tmp_path / "cache"))
        return (tmp_path / name / "survey.csv").read_bytes()

    first = survey("first")
    file = copy / "model" / "eligibility.py"
    before = file.read_text(encoding="utf-8")
    edit(file, "return np.uint64(education + (LEVELS if fits else 0))", "return np.uint64(0)")
    assert survey("edited") != first
    file.write_text(before, encoding="utf-8")
    assert survey("reverted") == first


def test_everything_that_compiled_code_can_reach_is_in_its_key() -> None:
    hashed = set(compiled_sources())
    names = [
        "hesim." + name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        for name in sorted(hashed)
    ]
    reached, compiled, data = json.loads(python(LOADED, str(PACKAGE), *names))
    # Whatever their names stand for was made in one of them.
    assert set(reached) <= set(names)
    assert set(compiled) <= set(names)
    assert len(compiled) > 15
    # No table and no setting is read while modules are loaded, so none is in a compiled constant.
    assert data == []
    for name in hashed:
        text = (PACKAGE / name).read_text(encoding="utf-8")
        assert not re.search(r"import_module|__import__|\bexec\(|\beval\(", text), name


def test_every_module_with_compiled_functions_is_in_the_key() -> None:
    holding = {
        file.relative_to(PACKAGE).as_posix()
        for file in PACKAGE.rglob("*.py")
        if re.search(r"^@(compiled|njit|jit|vectorize)\b", file.read_text("utf-8"), re.M)
    }
    assert holding <= set(compiled_sources())
    # Numba's own cache, which looks at one file, is used nowhere.
    for file in PACKAGE.rglob("*.py"):
        assert "cache=True" not in file.read_text(encoding="utf-8"), file


def test_an_edit_of_any_of_them_changes_the_key_and_other_edits_do_not(copy: Path) -> None:
    here = compiled_sources()
    # Two checkouts of the same code share what is compiled.
    assert digest(compiled_sources(copy)) == digest(here)
    for name in ("app/page.py", "report/page.py", "study/plan.py", "cli/help.py", "__init__.py"):
        (copy / name).write_text("# other\n", encoding="utf-8")
    assert digest(compiled_sources(copy)) == digest(here)
    more = {name: content + b"# more\n" for name, content in here.items()}
    for name, content in more.items():
        assert digest({**here, name: content}) != digest(here)
        (copy / name).write_bytes(content)
    assert compiled_sources(copy) == more


def test_a_new_module_counts_from_the_moment_it_is_imported_somewhere_deep(copy: Path) -> None:
    (copy / "model" / "novelty.py").write_text("LIMIT = 3\n", encoding="utf-8")
    before = digest(compiled_sources(copy))
    assert "model/novelty.py" not in compiled_sources(copy)
    edit(
        copy / "model" / "eligibility.py",
        "from __future__ import annotations\n",
        "from __future__ import annotations\ndef later():\n    from . import novelty\n",
    )
    assert "model/novelty.py" in compiled_sources(copy)
    assert digest(compiled_sources(copy)) != before


def test_sources_that_cannot_be_read_are_no_sources(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="sources"):
        compiled_sources(tmp_path)


def test_without_a_place_the_notice_comes_once_and_the_model_runs() -> None:
    code = MOMENTS + (
        f"import subprocess\nsubprocess.run([sys.executable, '-c', {MOMENTS!r}], check=True)\n"
    )
    told = python(code, NUMBA_CACHE_DIR="/dev/null/nowhere")
    assert told.count("compiled code cannot be kept") == 1
    assert "Traceback" not in told
    values = [json.loads(line)[0] for line in told.splitlines() if line.startswith("[")]
    assert len(values) == 2
    assert values[0] == values[1]


def test_without_a_home_there_is_no_place(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    monkeypatch.setenv(shelves.SAID, "")
    monkeypatch.setattr(shelves, "user_cache_path", lambda *a, **k: Path("~/.cache/hesim"))
    mine = Shelf()
    assert not mine.prepare()
    mine.write("name", b"content")
    assert mine.read("name") is None
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert "there is no home folder" in told
    assert not Path("~").exists()


def test_on_a_full_disk_nothing_half_written_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    monkeypatch.setenv(shelves.SAID, "")
    mine = Shelf()
    mine.write("before", b"content")
    write = Path.write_bytes

    def full(file: Path, content: bytes) -> int:
        write(file, content[: len(content) // 2])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(file))

    monkeypatch.setattr(Path, "write_bytes", full)
    for name in ("one", "two"):
        mine.write(name, b"content")
        assert mine.read(name) is None
    assert mine.read("before") == b"content"
    assert sorted(file.name for file in mine.place().iterdir()) == ["before", LOCK]
    assert capsys.readouterr().err.count("No space left on device") == 1


def test_what_is_damaged_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    mine = Shelf()
    mine.write("name", b"content")
    whole = (mine.place() / "name").read_bytes()
    for damaged in (b"", whole[:10], whole[:-1], whole + b"x", whole[:-1] + b"x"):
        (mine.place() / "name").write_bytes(damaged)
        assert mine.read("name") is None
    mine.write("name", b"content")
    assert mine.read("name") == b"content"


def test_many_processes_start_at_once(tmp_path: Path) -> None:
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)}
    started = [
        subprocess.Popen(
            [sys.executable, "-c", MOMENTS], env=environment, stdout=subprocess.PIPE, text=True
        )
        for _ in range(3)
    ]
    values = {json.loads(each.communicate()[0])[0] for each in started}
    assert [each.returncode for each in started] == [0, 0, 0]
    assert len(values) == 1
    assert json.loads(python(MOMENTS, NUMBA_CACHE_DIR=str(tmp_path))) == [*values, 1, 0]
    assert not list(tmp_path.rglob("*.part"))


def test_old_folders_go_but_none_in_use_and_none_of_today(tmp_path: Path) -> None:
    def folder(name: str, days: float) -> Path:
        made = tmp_path / name
        made.mkdir()
        (made / LOCK).touch()
        last = time.time() - days * UNUSED
        os.utime(made / LOCK, (last, last))
        return made

    newest = [folder(f"newest_{n}", 2 + n) for n in range(NEWEST)]
    old, in_use, own = folder("old", 30), folder("in_use", 31), folder("own", 40)
    foreign = tmp_path / "foreign"
    foreign.mkdir()
    code = (
        "import fcntl, sys; lock = open(sys.argv[1]); fcntl.flock(lock, fcntl.LOCK_SH); "
        "print('locked', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(in_use / LOCK)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"locked\n"
        prune(tmp_path, "own")
        assert not old.exists()
        assert all(each.exists() for each in (*newest, in_use, own, foreign))
        process.communicate()
    # The process has ended, and with it its lock.
    prune(tmp_path, "own")
    assert not in_use.exists()
    assert not list(tmp_path.glob(".gone-*"))
    today = [folder(f"today_{n}", 0.5) for n in range(NEWEST + 3)]
    prune(tmp_path, "own")
    assert all(each.exists() for each in today)
    assert not any(each.exists() for each in newest)


def test_a_process_that_compiles_holds_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    mine = Shelf()
    mine.write("name", b"content")
    long_ago = time.time() - 100 * UNUSED
    os.utime(mine.place() / LOCK, (long_ago, long_ago))
    monkeypatch.setattr(shelves, "NEWEST", 0)
    prune(mine.place().parent, "another")
    assert mine.read("name") == b"content"


def test_a_checkout_of_other_code_has_another_key_and_says_if_it_is_dirty(
    copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = copy.parents[1]

    def git(*words: str) -> str:
        who = ["-c", "user.name=n", "-c", "user.email=n@example.org", "-c", "core.autocrlf=false"]
        return subprocess.check_output(["git", "-C", str(root), *who, *words], text=True).strip()

    monkeypatch.setattr(manifest, "PACKAGE", copy)
    monkeypatch.setattr(manifest, "packaged", lambda: copy / "_conf")
    assert (manifest.commit(), manifest.dirty()) == (None, None)
    git("init", "-q", "-b", "main")
    # An installed package in somebody's repository is not of that repository.
    git("commit", "-q", "--allow-empty", "-m", "other")
    assert (manifest.commit(), manifest.dirty()) == (None, None)
    git("add", ".")
    git("commit", "-q", "-m", "one")
    one, key = git("rev-parse", "HEAD"), digest(compiled_sources(copy))
    assert (manifest.commit(), manifest.dirty()) == (one, False)
    edit(copy / "model" / "eligibility.py", "LEVELS if fits else 0", "LEVELS if not fits else 0")
    assert (manifest.commit(), manifest.dirty()) == (one, True)
    git("commit", "-q", "-a", "-m", "two")
    assert manifest.dirty() is False
    assert digest(compiled_sources(copy)) != key
    git("checkout", "-q", one)
    assert digest(compiled_sources(copy)) == key
    (copy / "model" / "novelty.py").touch()
    assert manifest.dirty() is True


def test_the_key_knows_versions_and_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    from llvmlite import binding

    key = shelves.key.__wrapped__
    now = key()
    assert now == key()
    changes: list[tuple[object, str, object]] = [
        (shelves, "version", lambda name: "99"),
        (shelves.platform, "python_version", lambda: "3.99"),
        (binding, "get_host_cpu_name", lambda: "another"),
    ]
    for owner, name, other in changes:
        with monkeypatch.context() as patch:
            patch.setattr(owner, name, other)
            assert key() != now, name
    assert key() == now
