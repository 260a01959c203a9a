"""Attributes of other libraries, replaced for a while.

Whoever patches the same attribute before or after us survives: what was there before is called,
and what is put over ours stays. Ours, if it is left below, lets every call pass.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from types import FunctionType
from typing import Any

_MARK = "_ec2_keypair_mock_replaces"


class Replacement:
    """``owner.name``, replaced by what ``make`` makes of the original, until ``stop``.

    ``make`` gets a function that takes the instance first, whatever stands for a method there: a
    function, a ``MagicMock``, a ``staticmethod``. It gets classmethods and properties as they are,
    and None where the owner has no such attribute.
    """

    def __init__(self, owner: Any, name: str, make: Callable[[Any], Any]) -> None:
        self._owner = owner
        self._name = name
        self._is_on = True
        # Read statically, because a classmethod is to come back as what it was.
        own = vars(owner)
        found = own[name] if name in own else inspect.getattr_static(owner, name, None)
        self._original, self._is_inherited = _left_behind(found) or (found, name not in own)
        original = _as_function(owner, self._original)
        self._made = make(original)
        if isinstance(self._made, FunctionType):
            self._made = self._while_on(self._made, original)
        setattr(owner, name, self._made)

    def _while_on(self, made: FunctionType, original: Any) -> Any:
        def replaced(*args: Any, **kwargs: Any) -> Any:
            __tracebackhide__ = True
            return (made if self._is_on else original)(*args, **kwargs)

        async def replaced_coroutine(*args: Any, **kwargs: Any) -> Any:
            __tracebackhide__ = True
            return await replaced(*args, **kwargs)

        is_async = inspect.iscoroutinefunction(made)
        wrapper = functools.wraps(made)(replaced_coroutine if is_async else replaced)
        vars(wrapper)[_MARK] = wrapper, self._original, self._is_inherited
        return wrapper

    @property
    def is_on_top(self) -> bool:
        """Whether nobody has put anything over it."""
        return vars(self._owner).get(self._name) is self._made

    def stop(self) -> None:
        """Put the original back; where something is over ours by now, that stays."""
        self._is_on = False
        if not self.is_on_top:
            return
        if self._is_inherited:
            delattr(self._owner, self._name)
        else:
            setattr(self._owner, self._name, self._original)


def _left_behind(attribute: Any) -> tuple[Any, bool] | None:
    """What a replacement replaces that was stopped below somebody's patch, and was put back since.

    The original, and whether the owner inherits it; None where the attribute is not ours.
    """
    found = getattr(attribute, "__dict__", {}).get(_MARK)
    # `functools.wraps` copies the mark to wrappers that are not ours.
    return found[1:] if found and found[0] is attribute else None


def _as_function(owner: Any, original: Any) -> Any:
    if isinstance(original, FunctionType | classmethod) or not callable(original):
        return original
    if not inspect.isclass(owner):
        return original

    def call(instance: Any, *args: Any, **kwargs: Any) -> Any:
        __tracebackhide__ = True
        return bind(original, instance)(*args, **kwargs)

    return call


def bind(attribute: Any, instance: Any) -> Any:
    """An attribute as it is stored in a class, looked up on an instance of the class.

    A function becomes a method, a staticmethod its function, and a MagicMock stays as it is.
    """
    get = getattr(type(attribute), "__get__", None)
    return attribute if get is None else get(attribute, instance, type(instance))
