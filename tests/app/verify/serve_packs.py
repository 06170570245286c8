"""Answers what verify_pack.py says of archives: frames of a length in four bytes and the archive, until the input ends."""
import sys
import verify_pack


def main():
    exporter, key = (argument.encode() for argument in sys.argv[1:3])
    while head := sys.stdin.buffer.read(4):
        files, faults = verify_pack.read_tar(sys.stdin.buffer.read(int.from_bytes(head, "big")))
        code, text = verify_pack.verify(files, exporter, key, faults)
        sys.stdout.buffer.write(bytes([code]) + len(text).to_bytes(4, "big") + text)
        sys.stdout.buffer.flush()


main()
