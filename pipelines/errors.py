"""Errors that people meet: each names the thing, the value, the paragraph and the remedy."""


class IsfError(Exception):
    """An error of use or of data that has a message for people and an exit code for scripts."""

    exit_code = 1


class InputRefused(IsfError):
    """What was given cannot be used, and nothing was written. `problems` names file, row, value and remedy of each
    fault; all of them are in one message."""

    exit_code = 2
    headline = "{what} is refused, nothing was written."

    def __init__(self, what: str, problems: list[str]):
        self.what = what
        self.problems = problems
        lines = "\n".join(f"  - {p}" for p in problems)
        super().__init__(f"{self.headline.format(what=what)} {len(problems)} problem(s):\n{lines}")


class DeliveryRefused(InputRefused):
    """The delivery is refused as a whole (delivery contract, section 1)."""

    headline = "Delivery {what} is refused, nothing was written."


class RulesetInvalid(InputRefused):
    """A rule set cannot be used."""

    headline = "Rule set {what} cannot be used."


class NotPublished(IsfError):
    """All was computed, and something speaks against publishing it. `reasons`: one sentence each."""

    exit_code = 3

    def __init__(self, reasons: list[str]):
        self.reasons = reasons
        super().__init__("Not published:\n" + "\n".join(f"  - {reason}" for reason in reasons))
