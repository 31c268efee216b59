"""Replace the generator of keyed draws by variants of itself, before the model is compiled.

Of `hesim.random` it replaces `output_at` and `output_after`, through which everything random goes:
draws, seeds of moments and joined identities. A process holds one variant, and needs a cache of
compiled code of its own.
"""

from __future__ import annotations

from typing import Any

import numpy as np

FEW, MANY = 1, 9
"""Further outputs that the variants `few` and `many` compute for each output."""

HIDDEN = np.append(np.uint64(0), np.random.default_rng(1).integers(1, 2**63, MANY, np.uint64))
"""Zero, and what the further outputs are at other places by."""

COUNTS = np.zeros(1, np.int64)
"""Outputs so far, in the variant `counted`."""

VARIANTS = ("plain", "few", "many", "half", "counted")


def install(variant: str) -> None:
    """Replace functions of `hesim.random`; to be called before the model is imported.

    Args:
        variant: `plain` changes nothing; `few` and `many` compute more outputs for each one, and
            give the same results; `half` leaves the second half of the mixing out and gives other
            results; `counted` counts outputs in `COUNTS`.
    """
    import hesim.random as keyed

    after, steps_to = keyed.output_after, keyed.steps_to
    if variant == "few":
        keyed.output_at, keyed.output_after = _repeated(after, steps_to, FEW)
    elif variant == "many":
        keyed.output_at, keyed.output_after = _repeated(after, steps_to, MANY)
    elif variant == "half":
        keyed.output_after = _half()
    elif variant == "counted":
        keyed.output_after = _counted(after)
    elif variant != "plain":
        raise ValueError(f"no variant {variant!r}; there are {', '.join(VARIANTS)}")


def _repeated(output_after: Any, steps_to: Any, count: int) -> tuple[Any, Any]:
    from numba import njit

    # Read where they stand: what the compiler does not know it has to compute with, but as they
    # never change it may do so ahead of a loop, and several side by side, as with the real ones.
    zero, *others = (_constant(HIDDEN, which) for which in range(count + 1))
    lines = [f"    more ^= original(seed, np.uint64(place) ^ other_{n}())" for n in range(count)]
    text = "\n".join(
        ["def extra(seed, place):", "    more = np.uint64(0)", *lines, "    return more"]
    )

    def repeated(original: Any) -> Any:
        names = {f"other_{n}": other for n, other in enumerate(others)}
        exec(text, space := {"np": np, "original": original, **names})
        extra = njit(inline="always")(space["extra"])

        @njit(inline="always")
        def both(seed: np.uint64, place: np.uint64) -> np.uint64:
            return original(seed, place) ^ (extra(seed, place) & zero())

        return both

    @njit(inline="always")
    def output_at(seed: np.uint64, place: np.uint64) -> np.uint64:
        return output_after(seed, steps_to(place))

    return repeated(output_at), repeated(output_after)


def _constant(numbers: np.ndarray[Any, Any], which: int) -> Any:
    from llvmlite import ir
    from numba import types
    from numba.extending import intrinsic

    address = numbers.ctypes.data + numbers.itemsize * which

    @intrinsic
    def read(typingctx: Any) -> Any:
        """A number at a fixed place in memory that nobody writes."""

        def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            word = ir.IntType(64)
            loaded = builder.load(builder.inttoptr(ir.Constant(word, address), word.as_pointer()))
            loaded.set_metadata("invariant.load", builder.module.add_metadata([]))
            return loaded

        return types.uint64(), codegen

    return read


def _half() -> Any:
    from numba import njit

    @njit(inline="always")
    def output_after(seed: np.uint64, steps: np.uint64) -> np.uint64:
        x = np.uint64(seed) + np.uint64(steps)
        x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        return x ^ (x >> np.uint64(27))

    return output_after


def _counted(original: Any) -> Any:
    from llvmlite import ir
    from numba import njit, types
    from numba.extending import intrinsic

    address = COUNTS.ctypes.data

    @intrinsic
    def count(typingctx: Any) -> Any:
        """Add one at a fixed place in memory, which compiled globals cannot do."""

        def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            word = ir.IntType(64)
            place = builder.inttoptr(ir.Constant(word, address), word.as_pointer())
            builder.store(builder.add(builder.load(place), ir.Constant(word, 1)), place)
            return context.get_dummy_value()

        return types.none(), codegen

    @njit(inline="always")
    def counted(seed: np.uint64, steps: np.uint64) -> Any:
        count()
        return original(seed, steps)

    return counted
