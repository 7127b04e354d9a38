"""Where the command `isf` begins: it attends to Ctrl-C and SIGTERM before anything else is imported."""

from pipelines.engine import stop


def main() -> None:
    """Run the command."""
    try:
        stop.watch()
        from pipelines.cli import main as run

        run()
    except stop.Stopped:
        stop.leave(stop.received() or 2)


if __name__ == "__main__":
    main()
