"""What ended an item or a member, as the event that says where, what, and what to do next."""

from wizard.errors import CallError, DeniedError, WizardError, broke
from wizard.session.events import ItemFailed


def failed(item: str, problem: BaseException) -> ItemFailed:
    """The event; an error that is not the wizard's own is a defect of it."""
    match problem:
        case DeniedError():
            return _failed(item, problem, code=problem.code, policy=problem.policy)
        case CallError():
            return _failed(item, problem, code=problem.code)
        case WizardError():
            return _failed(item, problem)
        case _:
            return ItemFailed(
                item=item,
                where=item,
                what=f"The step broke: {broke(problem)}.",
                todo="This is a defect of st-wizard: report it with the exported evidence. "
                "Retry looks again before it writes; or do it by hand and mark it done.",
                code="Defect",
            )


def _failed(item: str, error: WizardError, *, code: str = "", policy: str = "") -> ItemFailed:
    return ItemFailed(
        item=item,
        where=error.where or item,
        what=error.what,
        todo=error.todo,
        code=code,
        policy=policy,
    )
