"""Stacks that fail over key pairs end as at AWS: rolled back, with the reason in their events.

moto has no rollback: the error of a resource is its answer to CreateStack, and what was made
stays. Every other stack is left to moto.
"""

from __future__ import annotations

import functools
import uuid
from collections.abc import Iterator
from types import ModuleType
from typing import Any

from ..ec2 import errors
from ..ec2.errors import EC2Error
from ..ec2.service import Service
from ..patching.replacement import Replacement
from .errors import StackFailure
from .requirements import require
from .stack_changes import Changes, Step, changes_of

_ROLLED_BACK = "ROLLBACK_COMPLETE"
# What CloudFormation's handler of key pairs makes of EC2's codes; all others are InvalidRequest.
_HANDLER_ERRORS = {
    errors.DUPLICATE_KEY_PAIR.code: "AlreadyExists",
    errors.KEY_PAIR_LIMIT_EXCEEDED.code: "ServiceLimitExceeded",
}


def patches(models: ModuleType, service: Service) -> Iterator[Replacement]:
    """Let CreateStack, UpdateStack and ExecuteChangeSet roll back."""
    backend = require(models, "CloudFormationBackend")
    operations = _Operations(getattr(models, "Event", None) or require(models, "FakeEvent"))
    for name, make in (
        ("create_stack", operations.create_stack),
        ("update_stack", operations.update_stack),
        ("execute_change_set", operations.execute_change_set),
        ("create_change_set", _refusing_what_was_rolled_back),
    ):
        require(backend, name)
        yield Replacement(backend, name, make)


class _Operations:
    """moto's functions that change a stack; ``event`` is its class of events."""

    def __init__(self, event: Any) -> None:
        self._event = event

    def create_stack(self, original: Any) -> Any:
        @functools.wraps(original)
        def create_stack(backend: Any, name: str, *args: Any, **kwargs: Any) -> Any:
            try:
                return original(backend, name, *args, **kwargs)
            except Exception as error:
                if _cause(error) is None:
                    raise
                stack = [each for each in backend.stacks.values() if each.name == name][-1]
                self._roll_back(stack, error, "")
                _forget_resources(backend, stack)
                return stack

        return create_stack

    def update_stack(self, original: Any) -> Any:
        @functools.wraps(original)
        def update_stack(backend: Any, name: str, *args: Any, **kwargs: Any) -> Any:
            stack = backend.get_stack(name)
            before = {"template": stack.template, "template_dict": stack.template_dict}
            try:
                return original(backend, name, *args, **kwargs)
            except Exception as error:
                if _cause(error) is None:
                    raise
                vars(stack).update(before)
                self._roll_back(stack, error, "UPDATE_")
                return stack

        return update_stack

    def execute_change_set(self, original: Any) -> Any:
        @functools.wraps(original)
        def execute_change_set(backend: Any, change_set_name: str, *more: Any, **kw: Any) -> None:
            try:
                original(backend, change_set_name, *more, **kw)
            except Exception as error:
                if _cause(error) is None:
                    raise
                change_set = backend.describe_change_set(change_set_name)
                change_set.execution_status = "EXECUTE_FAILED"
                is_new = change_set.change_set_type == "CREATE"
                if is_new:
                    change_set.stack.template = change_set.template
                self._roll_back(change_set.stack, error, "" if is_new else "UPDATE_")

        return execute_change_set

    def _roll_back(self, stack: Any, error: Exception, prefix: str) -> None:
        changes = changes_of(stack.resource_map)
        if not stack.events:
            # moto makes the resources that exports name before it says that it creates the stack.
            stack._add_stack_event("CREATE_IN_PROGRESS", "User Initiated")
        if changes.error is error:
            self._add_event(stack, *changes.failed, _reason(error))
        reason = _reason_of_stack(changes, error, prefix)
        stack._add_stack_event(f"{prefix}ROLLBACK_IN_PROGRESS", reason)
        vars(stack.resource_map).update(changes.before)
        undone = [self._undo(stack, step) for step in reversed(list(changes.steps.values()))]
        stack.output_map = stack._create_output_map()
        stack.status = f"{prefix}{_ROLLED_BACK}" if all(undone) else f"{prefix}ROLLBACK_FAILED"
        stack._add_stack_event(stack.status)

    def _undo(self, stack: Any, step: Step) -> bool:
        outcome, reason = "COMPLETE", None
        try:
            step.undo()
        except Exception as error:
            outcome, reason = "FAILED", str(error)
        status = f"{step.verb}_{outcome}"
        self._add_event(stack, step.logical_id, step.resource_type, status, reason)
        return reason is None

    def _add_event(
        self, stack: Any, logical_id: str, resource_type: str, status: str, reason: str | None
    ) -> None:
        event = self._event(
            stack_id=stack.stack_id,
            stack_name=stack.name,
            logical_resource_id=logical_id,
            physical_resource_id="",
            resource_type=resource_type,
            resource_status=status,
            resource_status_reason=reason,
            resource_properties=None,
        )
        event.sendToSns(stack.account_id, stack.region_name, stack.notification_arns)
        stack.events.append(event)


def _cause(error: BaseException | None) -> EC2Error | None:
    """Our own error, which moto has turned into the given one; None where it is all moto's."""
    while error is not None and not isinstance(error, EC2Error):
        error = error.__context__
    return error


def _reason(error: Exception) -> str:
    """What the event of the resource says."""
    cause = _cause(error)
    assert cause is not None
    if isinstance(cause, StackFailure):
        return cause.message
    # AWS says "null" for material that it cannot read.
    text = "null" if cause.code == errors.INVALID_KEY.code else _of_ec2(cause, error)
    handler_error = _HANDLER_ERRORS.get(cause.code, "InvalidRequest")
    return (
        f'Resource handler returned message: "{text}" '
        f"(RequestToken: {uuid.uuid4()}, HandlerErrorCode: {handler_error})"
    )


def _of_ec2(cause: EC2Error, error: Exception) -> str:
    # Auto Scaling, say, puts words of its own before those of EC2.
    message = getattr(error, "message", cause.message)
    return f"{message} (Service: Ec2, Status Code: {cause.status}, Request ID: {uuid.uuid4()})"


def _reason_of_stack(changes: Changes, error: Exception, prefix: str) -> str:
    """What the event of the stack says."""
    if changes.error is error:
        logical_id, _, status = changes.failed
        verb = status.partition("_")[0].lower()
        text = f"The following resource(s) failed to {verb}: [{logical_id}]."
    else:
        text = _reason(error)
    return text if prefix else f"{text} Rollback requested by user."


def _forget_resources(backend: Any, stack: Any) -> None:
    """moto makes the resources of a template when somebody describes them or the outputs."""
    stack.resource_map._resource_json_map = {}
    stack.template_dict = {**stack.template_dict, "Outputs": {}}
    stack.output_map = stack._create_output_map()
    for name, export in list(backend.exports.items()):
        if export.exporting_stack_id == stack.stack_id:
            del backend.exports[name]


def _refusing_what_was_rolled_back(original: Any) -> Any:
    @functools.wraps(original)
    def create_change_set(backend: Any, *args: Any, **kwargs: Any) -> Any:
        if kwargs.get("change_set_type") == "UPDATE":
            stack = backend.get_stack(kwargs["stack_name"])
            if stack.status == _ROLLED_BACK:
                from moto.cloudformation.exceptions import ValidationError

                state = f"is in {_ROLLED_BACK} state and can not be updated."
                raise ValidationError(stack.stack_id, message=f"Stack:{stack.stack_id} {state}")
        return original(backend, *args, **kwargs)

    return create_change_set
