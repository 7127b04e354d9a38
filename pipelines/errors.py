"""Errors that people meet: each names the thing, the value, the paragraph and the remedy."""

import difflib


class IsfError(Exception):
    """An error of use or of data that has a message for people and an exit code for scripts."""

    exit_code = 1


class OtherVersion(IsfError):
    """A warehouse lacks what is asked for: another version of the program settled the delivery."""


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


class InTheWay(IsfError):
    """What is there already would be overwritten; it is left as it is."""

    exit_code = 2


class Unknown(IsfError):
    """Something is named that the home does not have; those that it has are told, the nearest first."""

    exit_code = 2

    def __init__(self, kind: str, name: str | None, home: object, there: list[str], command: str):
        named = f" {name}" if name else ""
        near = difflib.get_close_matches(name or "", there, n=1, cutoff=0.7)
        hint = f" Did you mean {near[0]}?" if near else ""
        listed = f" There are: {', '.join(there)}." if there else ""
        remedy = "" if there else f" Run `{command} --home {home}` first."
        super().__init__(f"There is no {kind}{named} under {home}.{hint}{listed}{remedy}")


class DeliveryUnknown(Unknown):
    """No such delivery is settled in the home."""

    def __init__(self, delivery: str | None, home: object, there: list[str], *, unpublished: bool = False):
        kind = "computed and unpublished" if unpublished else "settled"
        super().__init__(f"{kind} delivery", delivery, home, there, "isf settle DELIVERY")


LONGEST_ID = 200  # characters that are repeated of an id that nothing has


class IdUnknown(IsfError):
    """Nothing in a delivery has the id; those most like it are told."""

    exit_code = 2

    def __init__(self, identifier: str, delivery: str, near: list[str]):
        like = f" Most like it: {', '.join(near)}." if near else ""
        shown = identifier[:LONGEST_ID].replace("\n", "\\n") + ("…" if len(identifier) > LONGEST_ID else "")
        super().__init__(
            f"Nothing has the id {shown or '(empty)'} in {delivery}.{like}"
            " Services are STG|patient|period, pathways TFG|patient|period or TFG|patient|stay,"
            " rows in quarantine also FILE:LINE."
        )


class IdUnreadable(IsfError):
    """An id that is not text."""

    exit_code = 2

    def __init__(self) -> None:
        super().__init__("The id is not text in UTF-8, so nothing can have it. Write it as it stands in the delivery.")


class DefinitionsUnknown(Unknown):
    """No such definition tables are imported in the home."""

    def __init__(self, id: str, home: object, there: list[str]):
        super().__init__("definition set", id, home, there, "isf grouper import FILE --year YEAR")
