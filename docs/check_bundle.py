#!/usr/bin/env python3
"""Checks a bundle of `sprintgate audit export` with nothing but the standard library of Python 3.11.

    python3 check_bundle.py FOLDER [--expect HASH]

The status is 0 when everything fits, 1 when something does not; each finding names its row. `audit-bundle.md` describes
the files. HASH is the hash of a checkpoint that was kept elsewhere: without one, nothing can tell that the end of the
ledger was cut off together with everything that the tables knew of it.
"""
import argparse
import collections
import hashlib
import json
import pathlib
import sys

GENESIS = "0" * 64
ROW = ("prev_hash", "machine", "entity", "entity_seq", "from", "event", "to", "actor_kind", "actor_id", "attempt", "at",
       "facts", "evidence")
CHECKPOINT = ("prev_hash", "number", "at", "upto_seq", "rows", "root", "marks")


def digest(record, names):
    """SHA-256 over fields: length in bytes, colon, text, line feed; `-` and a line feed where a field is null."""
    data = b""
    for value in (record[name] for name in names):
        text = b"" if value is None else str(value).encode()
        data += b"-\n" if value is None else b"%d:%b\n" % (len(text), text)
    return hashlib.sha256(data).hexdigest()


def lines(path):
    with open(path, encoding="utf-8", newline="\n") as file:
        for line in file:
            yield json.loads(line)


def check(folder, expect=None):
    """Yields a sentence for everything that does not fit."""
    # The files are those that were written.
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    if manifest["format"] != 1:
        yield f"manifest: this script knows format 1, not {manifest['format']}"
    for name, written in manifest["files"].items():
        with open(folder / name, "rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != written["sha256"]:
                yield f"{name}: it does not have the hash that the manifest has"

    # Every row has its hash, follows the entity's row before it, and is a legal move.
    machines = json.loads((folder / "transitions.json").read_text("utf-8"))["machines"]
    births = {(m["name"], status) for m in machines for status in m["born"]}
    edges = {(m["name"], e["from"], e["event"], e["to"]) for m in machines for e in m["transitions"]}
    ends, places, seals = {}, {}, []
    for row in lines(folder / "ledger.jsonl"):
        key = (row["machine"], row["entity"])
        name = f"row {row['seq']} ({row['machine']} {row['entity']} #{row['entity_seq']})"
        number, status, _, before = ends.get(key, (0, None, None, GENESIS))
        if digest(row, ROW) != row["hash"]:
            yield f"{name}: its content does not have its hash"
        if row["prev_hash"] != before:
            yield f"{name}: it does not follow the entity's row before it"
        if row["entity_seq"] != number + 1:
            yield f"{name}: the entity's row {number + 1} is missing"
        if row["from"] != status:
            yield f"{name}: it leaves {row['from'] or 'nothing'}, and the entity was {status or 'not born'}"
        if row["from"] is None:
            if row["event"] != "create" or (row["machine"], row["to"]) not in births:
                yield f"{name}: a {row['machine']} is not born {row['to']} by {row['event']}"
        elif (row["machine"], row["from"], row["event"], row["to"]) not in edges:
            yield f"{name}: the law has no {row['from']} -{row['event']}-> {row['to']}"
        if seals and row["seq"] <= seals[-1][0]:
            yield f"{name}: its place is not behind the line before it"
        ends[key] = (row["entity_seq"], row["to"], row["event"], row["hash"])
        places[row["seq"]] = name
        seals.append((row["seq"], row["hash"]))

    # Every checkpoint has its hash, follows the one before it, and binds the rows that are there.
    number, before, at, seen = 0, GENESIS, 0, set()
    for checkpoint in lines(folder / "checkpoints.jsonl"):
        name = f"checkpoint {checkpoint['number']}"
        if digest(checkpoint, CHECKPOINT) != checkpoint["hash"]:
            yield f"{name}: its content does not have its hash"
        if checkpoint["prev_hash"] != before:
            yield f"{name}: it does not follow the checkpoint before it"
        if checkpoint["number"] != number + 1:
            yield f"{name}: the number before it is {number}"
        rows = []
        while at < len(seals) and seals[at][0] <= checkpoint["upto_seq"]:
            rows.append(seals[at])
            at += 1
        root = hashlib.sha256("".join(f"{seq}:{hash}\n" for seq, hash in rows).encode()).hexdigest()
        if root != checkpoint["root"] or len(rows) != checkpoint["rows"]:
            yield from differences(name, checkpoint["marks"], rows, places)
        number, before = checkpoint["number"], checkpoint["hash"]
        seen.add(before)
    if manifest["last_checkpoint"] != (before if number else None):
        yield f"manifest: the last checkpoint is not {manifest['last_checkpoint']}"
    if expect and expect.strip().lower() not in seen:
        yield f"no checkpoint has the hash {expect}: the ledger was cut off or rewritten"

    # Every table says what the ledger folds to.
    for now in lines(folder / "entities.jsonl"):
        name, end = f"{now['machine']} {now['entity']}", ends.pop((now["machine"], now["entity"]), None)
        if end is None:
            yield f"{name}: it has no ledger row"
        elif (now["rows"], now["status"], now["event"]) != end[:3]:
            yield (f"{name}: the table says {now['status']} by {now['event']} after {now['rows']} rows, "
                   f"the ledger {end[1]} by {end[2]} after {end[0]}")
    for machine, entity in ends:
        yield f"{machine} {entity}: the ledger knows it, its table does not"


def differences(name, marks, rows, places):
    """Which rows are not those that a checkpoint binds, by the first eight digits of their hashes."""
    marks = [marks[n:n + 8] for n in range(0, len(marks), 8)]
    left = collections.defaultdict(list)
    for seq, hash in rows:
        left[hash[:8]].append(seq)
    missing, behind = [], "the beginning"
    for mark in marks:
        if left[mark]:
            behind = places[left[mark].pop(0)]
        else:
            missing.append(f"{behind}: behind it a row is missing that {name} binds, with the hash {mark}...")
    strange = sorted(seq for rest in left.values() for seq in rest)
    moved = [seq for (seq, hash), mark in zip(rows, marks) if hash[:8] != mark]
    for seq in strange:
        yield f"{places[seq]}: it is not what {name} binds: changed since, or inserted"
    if len(missing) > len(strange):
        yield from missing
    if not missing and not strange:
        for seq in moved:
            yield f"{places[seq]}: it stands where {name} binds another row"
        if not moved:
            yield f"{name}: its rows do not have the numbers and hashes that it binds"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--expect", metavar="HASH", help="a checkpoint with this hash has to be there")
    arguments = parser.parse_args()
    found = 0
    for finding in check(arguments.folder, arguments.expect):
        found += 1
        print(finding)
    print(f"{found} findings" if found else "Everything fits.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
