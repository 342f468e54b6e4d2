#!/usr/bin/env python3
"""Checks a bundle of `sprintgate audit export`, or an archive of `sprintgate db archive`, with nothing but the standard
library of Python 3.9 or newer.

    python3 check_bundle.py FOLDER [--expect HASH] [--law FILE] [--archive FOLDER ...]

The status is 0 when everything fits, 1 when something does not; each finding names its row. `audit-bundle.md` describes
the files. HASH is the hash of a checkpoint that was kept elsewhere: without one, nothing can tell that the end of the
ledger was cut off together with everything that the tables knew of it. An archive is checked by itself when it is FOLDER,
and beside the ledger that it left when it is given with --archive. FILE is a `transitions.json` that did not come
with the bundle: without one, the rows are held against the law that somebody put into the bundle.
"""
import argparse
import collections
import hashlib
import heapq
import json
import pathlib
import re
import sys

GENESIS = "0" * 64
HASHED = ("prev_hash", "machine", "entity", "entity_seq", "from", "event", "to", "actor_kind", "actor_id", "attempt",
          "at", "facts", "evidence")
BOUND = ("prev_hash", "number", "at", "upto_seq", "rows", "root", "marks")
RECORDED = ("prev_hash", "number", "at", "name", "manifest", "jobs", "effects", "rows", "seals")
SEALED = ("seq", "machine", "entity", "entity_seq", "hash")
# The members of a line of each file, and their types.
TEXT, NUMBER, NONE = str, int, type(None)
LINES = {
    "ledger.jsonl": {
        "seq": (NUMBER,), "machine": (TEXT,), "entity": (TEXT,), "entity_seq": (NUMBER,), "from": (TEXT, NONE),
        "event": (TEXT,), "to": (TEXT,), "actor_kind": (TEXT,), "actor_id": (TEXT,), "attempt": (NUMBER, NONE),
        "at": (NUMBER,), "facts": (TEXT,), "evidence": (TEXT, NONE), "prev_hash": (TEXT,), "hash": (TEXT,)},
    "checkpoints.jsonl": {
        "number": (NUMBER,), "at": (NUMBER,), "upto_seq": (NUMBER,), "rows": (NUMBER,), "root": (TEXT,),
        "marks": (TEXT,), "prev_hash": (TEXT,), "hash": (TEXT,)},
    "entities.jsonl": {
        "machine": (TEXT,), "entity": (TEXT,), "status": (TEXT,), "event": (TEXT,), "rows": (NUMBER,)},
    "seals.jsonl": {
        "seq": (NUMBER,), "machine": (TEXT,), "entity": (TEXT,), "entity_seq": (NUMBER,), "hash": (TEXT,),
        "archive": (NUMBER,)},
    "archives.jsonl": {
        "number": (NUMBER,), "at": (NUMBER,), "name": (TEXT,), "manifest": (TEXT,), "jobs": (NUMBER,),
        "effects": (NUMBER,), "rows": (NUMBER,), "seals": (TEXT,), "prev_hash": (TEXT,), "hash": (TEXT,)},
    "rows.jsonl": {"table": (TEXT,), "row": (dict,)},
}
LAW = "transitions.json"
# The files of each form, but the law, which each has.
FILES = {
    (1, "ledger"): ("ledger.jsonl", "checkpoints.jsonl", "entities.jsonl"),
    (2, "ledger"): ("ledger.jsonl", "seals.jsonl", "archives.jsonl", "checkpoints.jsonl", "entities.jsonl"),
    (2, "archive"): ("ledger.jsonl", "entities.jsonl", "rows.jsonl"),
}
# The machines of an archive's tables, and the columns that are the id of an entity.
TABLES = {
    "claude_jobs": ("job", "id"), "attempts": ("attempt", "job_id", "number"),
    "worktrees": ("worktree", "job_id", "attempt"), "sprint_task_executions": ("task_execution", "id"),
    "effects": ("effect", "id"), "sent_commits": None, "salvages": None,
}
MANIFEST = {"format": (NUMBER,), "program": (TEXT,), "at": (TEXT,), "last_checkpoint": (TEXT, NONE), "files": (dict,)}
WRITTEN = {"sha256": (TEXT,), "lines": (NUMBER,)}


def written(record, names):
    """Fields: length in bytes, colon, text, line feed; `-` and a line feed where a field is null."""
    data = b""
    for value in (record[name] for name in names):
        text = b"" if value is None else str(value).encode()
        data += b"-\n" if value is None else b"%d:%b\n" % (len(text), text)
    return data


def digest(record, names):
    """SHA-256 over fields."""
    return hashlib.sha256(written(record, names)).hexdigest()


def once(pairs):
    """A JSON object, which has each member once and nothing that is no text."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("it has a member twice")
    for text in [*found, *(value for value in found.values() if isinstance(value, str))]:
        text.encode()
    return found


def read(data, members=None):
    """The JSON in these bytes. ValueError where it is none, or an object of other members than these."""
    try:
        found = json.loads(data.decode("utf-8"), object_pairs_hook=once)
    except RecursionError:
        raise ValueError("it is too deep") from None
    return found if members is None else shaped(found, members)


def shaped(found, members):
    if not isinstance(found, dict) or set(found) != set(members):
        raise ValueError(f"it does not have the members {', '.join(members)} alone")
    for name, types in members.items():
        if type(found[name]) not in types:
            raise ValueError(f"its member {name} has another type")
    return found


def unchained(name, record, hashed, what, number, before):
    """What does not fit of a record behind the one that has this number and this hash."""
    if digest(record, hashed) != record["hash"]:
        yield f"{name}: its content does not have its hash"
    if record["prev_hash"] != before:
        yield f"{name}: it does not follow the {what} before it"
    if record["number"] != number + 1:
        yield f"{name}: the number before it is {number}"


class Bundle:
    def __init__(self, folder, expect=None, law=None, archives=()):
        self.folder, self.expect, self.law_file, self.archives = folder, expect, law, archives
        self.written, self.notes, self.broken = {}, [], []
        self.form, self.said, self.sealed, self.records, self.given = (1, "ledger"), None, {}, [], {}

    def lines(self, file):
        """The lines of a file that are what they have to be; the others are found."""
        hasher, number = hashlib.sha256(), 0
        with open(self.folder / file, "rb") as lines:
            for number, line in enumerate(lines, 1):
                hasher.update(line)
                try:
                    if not line.endswith(b"\n"):
                        raise ValueError("it has no end")
                    yield read(line, LINES[file])
                except ValueError as error:
                    self.broken.append(f"{file}, line {number}: {error}")
        self.written[file] = {"sha256": hasher.hexdigest(), "lines": number}

    def law(self):
        """Births and edges: those of the file that was given, else those of the bundle."""
        data = (self.folder / LAW).read_bytes()
        lines = data.count(b"\n") + (not data.endswith(b"\n") and data != b"")
        sha256 = hashlib.sha256(data).hexdigest()
        self.written[LAW] = {"sha256": sha256, "lines": lines}
        law = read(data)
        if self.law_file is None:
            self.notes.append(f"The law was taken from the bundle, SHA-256 {sha256}; --law FILE holds it against one "
                              "that did not come with it.")
        else:
            own = read(self.law_file.read_bytes())
            if own != law:
                self.broken.append(f"{LAW}: it is not the law of {self.law_file}, by which the rows were checked")
            law = own
        births = {(m["name"], status) for m in law["machines"] for status in m["born"]}
        edges = {(m["name"], e["from"], e["event"], e["to"]) for m in law["machines"] for e in m["transitions"]}
        return births, edges

    def check(self):
        """Yields a sentence for everything that does not fit."""
        yield from self.begin()
        try:
            births, edges = self.law()
        except (ValueError, KeyError, TypeError, OSError) as error:
            yield f"{LAW}: it is no law: {error}"
            births, edges = set(), set()
        yield from self.ledger(births, edges)
        if self.form[1] == "archive":
            if self.expect not in (None, self.digest):
                yield (f"its manifest has not the hash {self.expect}, and an archive has no checkpoints: for one of those "
                       "give the ledger's bundle, and this as --archive")
            yield from self.entities()
            yield from self.rows()
        else:
            if self.form[0] > 1:
                yield from self.left()
            yield from self.checkpoints()
            yield from self.entities()
        yield from self.manifest()
        yield from self.broken
        for folder in self.archives:
            yield from self.beside(folder)
        # One that was changed is named already, by its folder; the name of one that fits another record says nothing.
        known = {record["manifest"] for record in self.records}
        changed = {name for name, digest in self.given.items() if digest not in known}
        for record in self.records if self.archives else ():
            if record["manifest"] not in self.given.values() and record["name"] not in changed:
                yield f"archive {record['number']} ({record['name']}): it was not given to --archive"

    def begin(self):
        """The manifest says of which form the bundle is."""
        try:
            data = (self.folder / "manifest.json").read_bytes()
            self.said, self.digest = read(data), hashlib.sha256(data).hexdigest()
            kind = {"kind": (TEXT,)} if isinstance(self.said, dict) and "kind" in self.said else {}
            shaped(self.said, {**MANIFEST, **kind})
            self.form = (self.said["format"], self.said.get("kind", "ledger"))
            if self.form not in FILES or (self.form[0] == 1) == bool(kind):
                yield f"manifest: this script knows no {self.form[1]} of format {self.form[0]}"
                self.form = (1, "ledger")
        except (ValueError, OSError) as error:
            yield f"manifest: {error}"
            self.said = None

    def ledger(self, births, edges):
        """Every row has its hash, follows the entity's row before it, and is a legal move."""
        self.ends, self.places, self.seals, sealed = {}, {}, [], hashlib.sha256()
        for row in self.lines("ledger.jsonl"):
            key = (row["machine"], row["entity"])
            name = f"row {row['seq']} ({row['machine']} {row['entity']} #{row['entity_seq']})"
            number, status, _, before = self.ends.get(key, (0, None, None, GENESIS))
            if digest(row, HASHED) != row["hash"]:
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
            if self.seals and row["seq"] <= self.seals[-1][0]:
                yield f"{name}: its place is not behind the line before it"
            self.ends[key] = (row["entity_seq"], row["to"], row["event"], row["hash"])
            self.places[row["seq"]] = name
            self.seals.append((row["seq"], row["hash"]))
            sealed.update(written(row, SEALED))
        self.known, self.sealed_as = {key: end[:3] for key, end in self.ends.items()}, sealed.hexdigest()
        if not self.seals:
            yield "ledger.jsonl: it has no row, so that there was nothing to check"
        self.there = list(self.seals)

    def left(self):
        """Every record of an archive follows the one before it and binds its seals; what has left has left whole."""
        number, before, hashers = 0, GENESIS, {}
        for record in self.lines("archives.jsonl"):
            name = f"archive {record['number']} ({record['name']})"
            yield from unchained(name, record, RECORDED, "archive", number, before)
            number, before = record["number"], record["hash"]
            self.records.append(record)
            hashers[number] = [0, hashlib.sha256()]
        rows, gone, added, last = dict(self.there), {}, [], None
        for seal in self.lines("seals.jsonl"):
            seq, key = seal["seq"], (seal["machine"], seal["entity"])
            name = f"archived row {seq} ({key[0]} {key[1]} #{seal['entity_seq']}, archive {seal['archive']})"
            if last is not None and seq <= last:
                yield f"{name}: its place is not behind the line before it"
            last = seq
            if seal["archive"] in hashers:
                hashers[seal["archive"]][0] += 1
                hashers[seal["archive"]][1].update(written(seal, SEALED))
            else:
                yield f"{name}: there is no record of this archive"
            if rows.get(seq) == seal["hash"]:
                continue
            if seq in rows:
                yield f"{name}: it is of another row than the one that is there"
            elif key in self.ends:
                yield f"{name}: the row is not here, where others of its entity are"
            elif seal["entity_seq"] != gone.get(key, 0) + 1:
                yield f"{name}: the seal of the entity's row {gone.get(key, 0) + 1} is missing"
            gone[key] = seal["entity_seq"]
            self.places.setdefault(seq, name)
            added.append((seq, seal["hash"]))
        self.seals = list(heapq.merge(self.there, added))
        for record in self.records:
            count, hasher = hashers[record["number"]]
            if count != record["rows"]:
                yield (f"archive {record['number']} ({record['name']}): {count} seals are there, "
                       f"its record says {record['rows']}")
            elif hasher.hexdigest() != record["seals"]:
                yield f"archive {record['number']} ({record['name']}): its seals are not those that its record binds"

    def rows(self):
        """Every row of an archive's tables says what its ledger folds to, and no entity lacks its row."""
        for line in self.lines("rows.jsonl"):
            table, row = line["table"], line["row"]
            if TABLES.get(table, 0) is None:
                continue
            if table not in TABLES:
                yield f"rows.jsonl: {table} is no table of an archive"
                continue
            machine, *columns = TABLES[table]
            entity = "/".join(str(row.get(column)) for column in columns)
            end = self.known.pop((machine, entity), None)
            if end is None or (row.get("ledger_seq"), row.get("status"), row.get("status_event")) != end:
                yield f"rows.jsonl: the row of {machine} {entity} is not what the ledger says"
        for machine, entity in self.known:
            yield f"rows.jsonl: it has no row of {machine} {entity}"

    def beside(self, folder):
        """An archive by itself, and beside the records and seals of this bundle."""
        archive = Bundle(folder, law=self.law_file)
        for finding in archive.check():
            yield f"{folder}: {finding}"
        if archive.form[1] != "archive" or archive.said is None:
            yield f"{folder}: it is no archive"
            return
        self.given[folder.name] = archive.digest
        record = next((one for one in self.records if one["manifest"] == archive.digest), None)
        if record is None:
            same = next((one for one in self.records if one["name"] == folder.name), None)
            yield (f"{folder}: the ledger has no record of it" if same is None else
                   f"{folder}: its manifest is not the one that was recorded of {same['name']}: it was changed since")
        elif archive.sealed_as != record["seals"]:
            yield f"{folder}: its rows are not those that were sealed"

    def checkpoints(self):
        """Every checkpoint has its hash, follows the one before it, and binds the rows that are there."""
        number, before, at, expected = 0, GENESIS, 0, None
        for checkpoint in self.lines("checkpoints.jsonl"):
            name = f"checkpoint {checkpoint['number']}"
            yield from unchained(name, checkpoint, BOUND, "checkpoint", number, before)
            first = at
            while at < len(self.seals) and self.seals[at][0] <= checkpoint["upto_seq"]:
                at += 1
            rows = self.seals[first:at]
            root = hashlib.sha256("".join(f"{seq}:{hash}\n" for seq, hash in rows).encode()).hexdigest()
            if not rows or root != checkpoint["root"] or len(rows) != checkpoint["rows"]:
                yield from differences(name, checkpoint["marks"], rows, self.places)
            number, before = checkpoint["number"], checkpoint["hash"]
            if before == self.expect:
                expected = at
        self.last = before if number else None
        recorded = [record for record in self.records if record["hash"] == self.expect]
        if expected is None and recorded:
            self.notes.append(f"The record of {recorded[0]['name']} was expected, and is there.")
        elif self.expect is None:
            self.notes.append(f"{len(self.seals) - at} rows lie behind the last checkpoint; without --expect HASH "
                              "nothing tells whether the end was cut off.")
        elif expected is None:
            yield f"no checkpoint has the hash {self.expect}: the ledger was cut off or rewritten"
        else:
            self.notes.append(f"{len(self.seals) - expected} rows lie behind the checkpoint that was expected; "
                              "nothing tells whether more did.")

    def entities(self):
        """Every table says what the ledger folds to."""
        for now in self.lines("entities.jsonl"):
            name, end = f"{now['machine']} {now['entity']}", self.ends.pop((now["machine"], now["entity"]), None)
            if end is None:
                yield f"{name}: it has no ledger row"
            elif (now["rows"], now["status"], now["event"]) != end[:3]:
                yield (f"{name}: the table says {now['status']} by {now['event']} after {now['rows']} rows, "
                       f"the ledger {end[1]} by {end[2]} after {end[0]}")
        for machine, entity in self.ends:
            yield f"{machine} {entity}: the ledger knows it, its table does not"

    def manifest(self):
        """The files are those that were written, and no others."""
        if self.said is None:
            return
        try:
            files = shaped(self.said["files"], {file: (dict,) for file in [*FILES[self.form], LAW]})
            for file in files.values():
                shaped(file, WRITTEN)
        except ValueError as error:
            yield f"manifest: {error}"
            return
        for file, written in files.items():
            found = self.written.get(file, {"sha256": None, "lines": None})
            if found["sha256"] != written["sha256"]:
                yield f"{file}: it does not have the hash that the manifest has"
            if found["lines"] != written["lines"]:
                yield f"{file}: it has {found['lines']} lines, the manifest says {written['lines']}"
        if self.form[1] == "ledger" and self.said["last_checkpoint"] != self.last:
            yield f"manifest: the last checkpoint is not {self.said['last_checkpoint']}"


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


def sha256(text):
    if not re.fullmatch("[0-9a-f]{64}", text.strip().lower()):
        raise argparse.ArgumentTypeError("it is not a SHA-256 in 64 hexadecimal digits")
    return text.strip().lower()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--expect", metavar="HASH", type=sha256, help="a checkpoint with this hash has to be there")
    parser.add_argument("--law", metavar="FILE", type=pathlib.Path, help="a transitions.json that is known to be right")
    parser.add_argument("--archive", metavar="FOLDER", type=pathlib.Path, nargs="+", default=[],
                        help="all archives that left this ledger, to be checked beside it")
    arguments = parser.parse_args()
    sys.stdout.reconfigure(errors="backslashreplace")
    bundle, found = Bundle(arguments.folder, arguments.expect, arguments.law, arguments.archive), 0
    try:
        for finding in bundle.check():
            found += 1
            print(printable(finding))
    except OSError as error:
        found += 1
        print(f"The bundle is not whole: {error}")
    print(f"{found} findings" if found else "Everything fits.")
    for note in bundle.notes:
        print(note)
    return 1 if found else 0


def printable(text):
    """Text of the bundle that neither moves a cursor nor feigns another line."""
    return "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in text)


if __name__ == "__main__":
    sys.exit(main())
