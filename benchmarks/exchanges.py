"""How many of the short exchanges of tests/exchanges become a right note, by category.

    python -m benchmarks.exchanges [--wrong]

An exchange is right only if everything that is asked of its note holds. `--wrong` prints what goes wrong in the half
`tuned`; of the half `kept` nothing but figures is ever printed, since whoever writes rules is not to see it. `--known`
takes what is right now off known.toml; it adds nothing.
"""

from __future__ import annotations

import argparse
import sys

from tests.exchanges import HALVES, KNOWN, SHARE_RIGHT, exchanges, faults, known, note_of


def take_off(wrong: dict[str, list[str]]) -> None:
    """Leave in known.toml what is in it and still goes wrong."""
    lines = ["# The exchanges whose note is wrong. What is mended comes off; what was right once is not put on."]
    for half in HALVES:
        lines += [f"{half} = [", *(f'    "{id_}",' for id_ in wrong[half] if id_ in known(half)), "]"]
    KNOWN.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> int:
    """Run the benchmark from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--wrong", action="store_true", help="print what goes wrong in `tuned`")
    parser.add_argument("--known", action="store_true", help="take what is right off known.toml")
    parser.add_argument("--category", default="", help="this category alone")
    args = parser.parse_args()
    judged = {half: {x: faults(x, note_of(x)) for x in exchanges(half)} for half in HALVES}
    if args.wrong:
        for exchange, told in judged["tuned"].items():
            if told and args.category in exchange.category:
                written = "\n".join(f"    {p.section} ({p.assertion}) {p.text}" for p in note_of(exchange))
                sys.stdout.write(f"{exchange.id}\n{exchange.say}{written}\n")
                sys.stdout.writelines(f"  - {line}\n" for line in told)
    for category in sorted({x.category for x in judged["tuned"]}):
        cells = []
        for half in HALVES:
            right = [not wrong for x, wrong in judged[half].items() if x.category == category]
            cells.append(f"{half} {sum(right):3} of {len(right):3}")
        sys.stdout.write(f"{category:14} {'   '.join(cells)}\n")
    for half in HALVES:
        share = sum(not wrong for wrong in judged[half].values()) / len(judged[half])
        sys.stdout.write(f"{half}: {share:.1%} right of {len(judged[half])} (bar {SHARE_RIGHT:.0%})\n")
    if args.known:
        take_off({half: [x.id for x, wrong in told.items() if wrong] for half, told in judged.items()})
    return 0


if __name__ == "__main__":
    sys.exit(main())
