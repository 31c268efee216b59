"""Replace the generator of keyed draws by variants of itself, before the model is compiled.

All draws and joined identities go through `hesim.random.output_at`, which is what is replaced.
A process holds one variant, and needs a cache of compiled code of its own.
"""

from __future__ import annotations

from typing import Any

import numpy as np

EXTRA = 8
"""Further outputs that the variant `repeated` computes before each output."""

COUNTS = np.zeros(2, np.int64)
"""Draws and joined identities so far, in the variant `counted`."""

VARIANTS = ("plain", "repeated", "cheap", "counted")


def install(variant: str) -> None:
    """Replace functions of `hesim.random`; to be called before the model is imported.

    Args:
        variant: `plain` changes nothing; `repeated` computes `EXTRA` outputs before each, one after
            the other, and gives the same results; `cheap` puts one multiplication in the
            generator's place and gives other results; `counted` counts draws in `COUNTS`.
    """
    import hesim.random as keyed

    if variant == "repeated":
        keyed.output_at = _repeated(keyed.output_at)
    elif variant == "cheap":
        keyed.output_at = _cheap()
    elif variant == "counted":
        keyed.draw, keyed.join = _counted(keyed.draw, 0), _counted(keyed.join, 1)
    elif variant != "plain":
        raise ValueError(f"no variant {variant!r}; there are {', '.join(VARIANTS)}")


def _repeated(original: Any) -> Any:
    from llvmlite import binding, ir
    from numba import njit, types
    from numba.extending import intrinsic

    # The inline assembly below is parsed by LLVM, which has to be told so.
    binding.initialize_native_asmparser()
    extra = EXTRA

    @intrinsic
    def hidden_zero(typingctx: Any) -> Any:
        """Zero, which the compiler cannot know: so what hangs on it is really computed."""

        def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            word = ir.IntType(64)
            shape = ir.FunctionType(word, [word])
            return builder.asm(shape, "", "=r,0", [ir.Constant(word, 0)], False)

        return types.uint64(), codegen

    @njit(inline="always")
    def output_at(seed: np.uint64, place: np.uint64) -> np.uint64:
        other = np.uint64(place)
        for _ in range(extra):
            other = original(seed, other)
        return original(seed, np.uint64(place) ^ (other & hidden_zero()))

    return output_at


def _cheap() -> Any:
    from numba import njit

    @njit(inline="always")
    def output_at(seed: np.uint64, place: np.uint64) -> np.uint64:
        x = (np.uint64(seed) + np.uint64(place)) * np.uint64(0x9E3779B97F4A7C15)
        return x ^ (x >> np.uint64(32))

    return output_at


def _counted(original: Any, which: int) -> Any:
    from llvmlite import ir
    from numba import njit, types
    from numba.extending import intrinsic

    address = COUNTS.ctypes.data + COUNTS.itemsize * which

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
    def counted(first: np.uint64, second: np.uint64) -> Any:
        count()
        return original(first, second)

    return counted
