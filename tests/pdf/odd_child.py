"""A process apart that does what it should not, as it is told; for test_apart.py."""

import os
import sys

from elearn.kernel.apart import Limits, NoAnswer, serve


def answer(order: bytes) -> bytes:
    if order == b"crash":
        os.abort()
    if order == b"hang":
        while True:
            pass
    if order == b"swell":
        return bytes(2_000_000_000)
    if order == b"refuse":
        raise NoAnswer("not this")
    if order == b"print":
        print("not an answer", flush=True)
    if order == b"secret":
        return os.environ.get("SECRET_KEY", "").encode()
    return order


if __name__ == "__main__":
    serve(answer, Limits(memory=400 * 1024 * 1024, processor=5, patience=float(sys.argv[1])))
