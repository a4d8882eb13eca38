"""`python -m tests.faults [F31 ...]`: a line for each fault and database, and how many survived."""

from __future__ import annotations

import sys

from tests.faults.matrix import DRIVERS, play, templates


def main(numbers: list[str]) -> int:
    survived = total = 0
    blind: dict[str, str] = {}
    with templates() as where:
        for line in play(numbers or sorted(DRIVERS), where):
            print(line, flush=True)
            for reason in line.reasons():
                print(reason, flush=True)
            total += 1
            survived += line.verdict.survived
            if line.verdict.blind:
                blind[line.number] = line.verdict.blind
    for number, why in blind.items():
        print(f"blind spot {number}: {why}")
    print(f"survived {survived} of {total}")
    return int(survived < total)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
