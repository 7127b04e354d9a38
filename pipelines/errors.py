"""Errors that people meet: each names the thing, the value, the paragraph and the remedy."""


class IsfError(Exception):
    """An error of use or of data that has a message for people and an exit code for scripts."""

    exit_code = 1


class DeliveryRefused(IsfError):
    """The input is refused as a whole (delivery contract, section 1). `problems` holds every reason found."""

    exit_code = 2

    def __init__(self, delivery: str, problems: list[str]):
        self.delivery = delivery
        self.problems = problems
        lines = "\n".join(f"  - {p}" for p in problems)
        super().__init__(f"Delivery {delivery} is refused, nothing was written. {len(problems)} problem(s):\n{lines}")


class RulesetInvalid(IsfError):
    """A rule set cannot be used. `problems` names file, row, value and remedy of each fault."""

    exit_code = 2

    def __init__(self, ruleset: str, problems: list[str]):
        self.ruleset = ruleset
        self.problems = problems
        lines = "\n".join(f"  - {p}" for p in problems)
        super().__init__(f"Rule set {ruleset} cannot be used. {len(problems)} problem(s):\n{lines}")
