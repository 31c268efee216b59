"""Replace the generator of keyed draws by variants of itself, before the model is compiled.

Of `hesim.random` it replaces `output_at`, through which all draws go, or `draw` and `join`, which
are called for each draw and each joined identity. A process holds one variant, and needs a cache of
compiled code of its own.
"""

from __future__ import annotations

from typing import Any

import numpy as np

EXTRA = 8
"""Further outputs that the variant `repeated` computes for each output."""

COUNTS = np.zeros(2, np.int64)
"""Draws and joined identities so far, in the variant `counted`."""

VARIANTS = ("plain", "repeated", "cheap", "counted")


def install(variant: str) -> None:
    """Replace functions of `hesim.random`; to be called before the model is imported.

    Args:
        variant: `plain` changes nothing; `repeated` computes `EXTRA` more outputs for each draw and
            joined identity, and gives the same results; `cheap` puts one multiplication in the
            generator's place (as in wyhash) and gives other results; `counted` counts in `COUNTS`.
    """
    import hesim.random as keyed

    if variant == "repeated":
        keyed.draw, keyed.join = _repeated(keyed.output_at, keyed.draw, keyed.join)
    elif variant == "cheap":
        keyed.output_at = _cheap()
    elif variant == "counted":
        keyed.draw, keyed.join = _counted(keyed.draw, 0), _counted(keyed.join, 1)
    elif variant != "plain":
        raise ValueError(f"no variant {variant!r}; there are {', '.join(VARIANTS)}")


def _repeated(output_at: Any, draw: Any, join: Any) -> tuple[Any, Any]:
    from llvmlite import binding, ir
    from numba import njit, types
    from numba.extending import intrinsic

    # The inline assembly below is parsed by LLVM, which has to be told so.
    binding.initialize_native_asmparser()
    extra = EXTRA

    @intrinsic
    def hidden(typingctx: Any, value: Any) -> Any:
        """The value, in a way that the compiler cannot see through: it has to compute with it."""

        def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            word = ir.IntType(64)
            return builder.asm(ir.FunctionType(word, [word]), "", "=r,0", arguments, False)

        return types.uint64(types.uint64), codegen

    @njit(inline="always")
    def nothing(seed: np.uint64, place: np.uint64) -> np.uint64:
        """Zero, after computing more outputs."""
        others = np.uint64(0)
        for more in range(extra):
            others ^= output_at(seed, hidden(np.uint64(place) + np.uint64(more + 1)))
        return others & hidden(np.uint64(0))

    @njit(inline="always")
    def repeated_draw(seed: np.uint64, identity: np.uint64) -> float:
        return draw(seed, identity) + float(nothing(seed, identity))

    @njit(inline="always")
    def repeated_join(first: np.uint64, second: np.uint64) -> np.uint64:
        return join(first, second) ^ nothing(first, second)

    return repeated_draw, repeated_join


def _cheap() -> Any:
    from llvmlite import ir
    from numba import njit, types
    from numba.extending import intrinsic

    @intrinsic
    def folded(typingctx: Any, first: Any, second: Any) -> Any:
        """Upper xor lower half of the product: one instruction, and draws good enough here."""

        def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            word, wide = ir.IntType(64), ir.IntType(128)
            one, other = (builder.zext(argument, wide) for argument in arguments)
            product = builder.mul(one, other)
            upper = builder.trunc(builder.lshr(product, ir.Constant(wide, 64)), word)
            return builder.xor(upper, builder.trunc(product, word))

        return types.uint64(types.uint64, types.uint64), codegen

    @njit(inline="always")
    def output_at(seed: np.uint64, place: np.uint64) -> np.uint64:
        return folded(
            np.uint64(seed) ^ np.uint64(0x2D358DCCAA6C78A5),
            np.uint64(place) ^ np.uint64(0x8BB84B93962EACC9),
        )

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
