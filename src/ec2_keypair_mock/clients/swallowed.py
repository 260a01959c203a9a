"""Whether an ``UnmockedCallError`` was expected by a test, or swallowed by the code under test.

The exception itself says who caught it: the outermost frame of its traceback. There, the innermost
block around the call that can catch it decides: an assertion (``pytest.raises``, ``assertRaises``)
or one that names the exception expects it, any other that does not raise again swallows it.
"""

from __future__ import annotations

import ast
import functools
import linecache
from collections.abc import Iterable
from types import CodeType, FrameType
from typing import Any

from ..errors import UnmockedCallError
from .callers import is_library, is_runner, user_frames

_ERROR = UnmockedCallError.__name__
_ASSERTIONS = frozenset(("raises", "assertRaises", "assertRaisesRegex", "RaisesGroup"))
_ANY = frozenset(("BaseException", "Exception"))
_TRIES: Any = (ast.Try, getattr(ast, "TryStar", ast.Try))

Block = ast.AST


def was_expected(error: UnmockedCallError, test: CodeType | None) -> bool:
    """Whether who caught it asked for it; ``test`` is the code of the test, if it is known."""
    trace = error.__traceback__
    # A test runner's assertion may leave no traceback at all.
    if trace is None or is_runner(trace.tb_frame):
        return True
    verdict = None if is_library(trace.tb_frame) else _judge(trace.tb_frame, trace.tb_lineno)
    if verdict is not None:
        return verdict
    # Nobody of the user's caught it, as in a task or a thread: the test may look at the result.
    tests = [test] if test else [frame.f_code for frame in user_frames()]
    return any(map(_mentions, tests))


def _judge(frame: FrameType, line: int) -> bool | None:
    tree = _tree(frame.f_code.co_filename)
    if tree is None:
        return _mentions(frame.f_code)
    verdicts = (_verdict(block, line, frame, tree) for block in _blocks_around(tree, line))
    return next((verdict for verdict in verdicts if verdict is not None), None)


@functools.lru_cache(maxsize=64)
def _tree(file: str) -> ast.Module | None:
    # Such as "<string>", under which linecache may have the source of something else.
    source = "" if file.startswith("<") else "".join(linecache.getlines(file))
    return ast.parse(source) if source else None


def _mentions(code: CodeType) -> bool:
    known = (*code.co_names, *code.co_freevars)
    inner = (each for each in code.co_consts if isinstance(each, CodeType))
    return _ERROR in known or any(map(_mentions, inner))


def _blocks_around(tree: ast.Module, line: int) -> list[Block]:
    """What may catch an exception of that line, innermost first, up to the function's own."""
    around = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.stmt) and node.lineno <= line <= (node.end_lineno or 0)
    ]
    functions = ast.FunctionDef | ast.AsyncFunctionDef
    start = max((each.lineno for each in around if isinstance(each, functions)), default=0)
    return sorted((each for each in around if each.lineno >= start), key=_first_line, reverse=True)


def _first_line(node: Any) -> int:
    return int(node.lineno)


def _verdict(block: Block, line: int, frame: FrameType, tree: ast.Module) -> bool | None:
    """Whether the block expects the exception; None where it lets it go on."""
    if isinstance(block, _TRIES) and line <= _last_line(block.body):
        return _verdict_of_handlers(block, frame, tree)
    if isinstance(block, ast.With | ast.AsyncWith):
        return _verdict_of_contexts(block, line, frame)
    return None


def _last_line(body: list[ast.stmt]) -> int:
    return body[-1].end_lineno or body[-1].lineno


def _verdict_of_handlers(block: Any, frame: FrameType, tree: ast.Module) -> bool | None:
    for handler in block.handlers:
        if _knows([handler], frame):
            return True
        types = _names([handler.type]) if handler.type else _ANY
        if types & _ANY:
            if any(isinstance(each, ast.Raise) for each in ast.walk(handler)):
                return None
            return _is_looked_at_below(handler, frame, tree)
    return None


def _is_looked_at_below(handler: Any, frame: FrameType, tree: ast.Module) -> bool:
    """Whether the function asserts further down what it kept of the exception."""
    last = _last_line(handler.body)
    function = _blocks_around(tree, handler.lineno)[-1]
    assertions = [each for each in ast.walk(function) if isinstance(each, ast.Assert)]
    return _knows([each for each in assertions if each.lineno > last], frame)


def _verdict_of_contexts(block: Any, line: int, frame: FrameType) -> bool | None:
    contexts = [item.context_expr for item in block.items]
    names = _names(contexts)
    if "ExitStack" in names or "AsyncExitStack" in names:
        # What was entered before the call.
        contexts = [each for each in ast.walk(block) if getattr(each, "lineno", line) < line]
        names = _names(contexts)
    if names & _ASSERTIONS or _knows(contexts, frame):
        return True
    if any(_is_assertion(_value(name, frame)) for name in names):
        return True
    return False if "suppress" in names and names & _ANY else None


def _is_assertion(value: object) -> bool:
    """Whether it is one that a test runner has made, as ``pytest.raises(…)`` kept in a variable."""
    return type(value).__module__.partition(".")[0] in ("_pytest", "unittest")


def _knows(nodes: Iterable[ast.AST], frame: FrameType) -> bool:
    """Whether the code names the exception, by its own name, another one, or among others."""
    return any(
        name == _ERROR or _holds_the_error(_value(name, frame)) for name in _names(list(nodes))
    )


def _holds_the_error(value: object) -> bool:
    each = value if isinstance(value, tuple) else (value,)
    return any(isinstance(one, type) and issubclass(one, UnmockedCallError) for one in each)


def _value(name: str, frame: FrameType) -> object:
    return frame.f_locals.get(name, frame.f_globals.get(name))


def _names(nodes: list[Any]) -> set[str]:
    return {str(_name(each)) for node in nodes for each in ast.walk(node)}


def _name(node: ast.AST) -> object:
    if isinstance(node, ast.Constant):
        return node.value
    return getattr(node, "attr", getattr(node, "id", ""))
