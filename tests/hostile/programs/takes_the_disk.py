"""Writes a file without end, of which most is a hole."""

from answering import answer


def attack(log_dir: str) -> None:
    with open(f"{log_dir}/large", "wb") as file:
        for number in range(1 << 20):
            file.seek(number << 30)
            file.write(b"x")
            file.flush()


answer(attack)
