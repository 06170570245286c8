"""A second verifier of evidence packs, written from FORMAT.md alone; it and scrutineer-verify must find the same."""
import argparse, base64, bisect, contextlib, datetime, hashlib, itertools, json, os, re, sys, nacl.bindings, nacl.exceptions
TAGS, SIGNATURE, PACK, CHECKPOINT = b"tagmanifest-sha256.txt", b"tagmanifest-sha256.txt.minisig", b"data/pack.json", b"data/log/checkpoint"
COLUMNS = {"attempts": "leaf,attempt_key,action,token,post,value,attempted_at,finished_at,outcome,sqlstate,vote_key,origin,request_key", "origins":
           "origin,pseudonym", "decisions": "leaf,entry_key,at,kind,subject,outcome,actor,detail,digest", "tokens": "token,pseudonym,label,created_at,state",
           "votes": "vote_key,token,post,author,value,cast_at,origin,state", "voids": "number,request,kind,state,votes,posts,requested_by,approved_by,"
           "requested_at,committed_at,reason,flags,restores,restored_by,digest,withdrawn_by,withdrawn_at,withdrawal_reason,standing",
           "voided_votes": "request,vote_key,token,post,value,cast_at_micros,state,author,origin"}
ROWS = {name: b"data/rows/%s.csv" % name.encode() for name in COLUMNS}
LISTED = {b"manifest-sha256.txt": [PACK, CHECKPOINT, *ROWS.values()], TAGS: [b"bag-info.txt", b"bagit.txt", b"manifest-sha256.txt"]}
FIELDS = {"attempts": "key action token post value at finished outcome sqlstate vote origin request".split(),  # in the order of the columns
          "decisions": "key at kind subject outcome actor detail digest".split()}
NULLABLE = "finished origin post request sqlstate token value vote digest".split()
ABOUT = dict.fromkeys("adapter attempts environment exporter filter format key made_by origin program site tokens".split(), bytes) | {"size": int, "signed_at": int, "from": int | None, "to": int | None}
LINE = re.compile(rb"([0-9a-f]{64})  (?=.{1,255}\n)((?:(?!\.\.?/)[A-Za-z0-9._-]+/)*(?!\.\.?\n)[A-Za-z0-9._-]+)\n")
MINISIG = re.compile(rb"untrusted comment: scrutineer evidence pack\n(.*)\ntrusted comment: (.*)\n(.*)\n")
STRING = rb'"[^\x00-\x1f"\\]*(?:\\(?:["\\bfnrt]|u00(?:0[1-7bef]|1[0-9a-f]))[^\x00-\x1f"\\]*)*"'  # only the escapes that RFC 8785 writes
OBJECT = re.compile(rb"\{(?:(?:(?<=\{)|,)S:(?:S|0|-?[1-9][0-9]{0,15}|null))+\}".replace(b"S", STRING))
CHECKED = rb"(?s)(%s(?:/epoch-(?:[2-9]|[1-9][0-9]{1,8}))?)\n(0|[1-9][0-9]{0,17})\n([^\n]*)\n.*"  # the text of a checkpoint
EPOCH, MICRO, PSEUDONYM = datetime.datetime(1970, 1, 1), datetime.timedelta(microseconds=1), re.compile(rb"[0-9a-f]{32}")
def tried(call, *arguments):  # None where the call raises what bad data makes it raise
    with contextlib.suppress(ValueError, nacl.exceptions.CryptoError): return call(*arguments)
def sha256(data): return hashlib.sha256(data).digest()
def from_base64(text): return data if base64.b64encode(data := tried(base64.b64decode, text) or b"") == text else b""  # no caller wants b""
def signed(sig, message, key): return len(sig) == 64 and tried(nacl.bindings.crypto_sign_open, sig + message, key) is not None
def exporter_key(text): return (data[2:10], data[10:]) if len(data := from_base64(text)) == 42 and data[:2] == b"Ed" else None  # id, key
def log_key(text):  # section 5: name, key id and Ed25519 key, or None
    name, number, encoded = (text.split(b"+", 2) + [b"", b""])[:3]  # base64 may hold a "+", too
    good = len(data := from_base64(encoded)) == 33 and data[0] == 1 and (key_id := sha256(name + b"\n" + data)[:4]).hex().encode() == number
    return (name, key_id, data[1:]) if good else None
def parse_checkpoint(note, key):  # section 5: origin, size and root, or None; the key is what log_key gives
    name, key_id, public = key or (b"", b"", b"")
    text, start = note[:note.rfind(b"\n\n") + 1], b"\xe2\x80\x94 %s " % name
    lines = [line[len(start):] for line in note[len(text):].split(b"\n")[:-1] if line.startswith(start)]
    signature = next((data[4:] for data in map(from_base64, lines) if data[:4] == key_id), b"")  # the first counts
    match = re.fullmatch(CHECKED % re.escape(name), text) if key and len(note) <= 1_000_000 and signed(signature, text, public) else None
    return (match[1], int(match[2]), root) if match and len(root := from_base64(match[3])) == 32 else None
def parse_object(data):  # section 4: the members of an object in the one form it may have (strings as bytes of UTF-8), or None
    pairs = json.loads(data, object_pairs_hook=list) if tried(data.decode) is not None and OBJECT.fullmatch(data) else []
    good = [n for n, _ in pairs] == sorted({n for n, _ in pairs}) and all(abs(v) < 1 << 53 for _, v in pairs if isinstance(v, int))
    return {name: value.encode() if isinstance(value, str) else value for name, value in pairs} if pairs and good else None
def parse_entry(data):  # section 7
    names = {"kind", "v", *FIELDS["attempts" if (entry := parse_object(data) or {}).get("kind") == b"attempt" else "decisions"]}
    kinds = (name in NULLABLE if v is None else isinstance(v, int if name in ("at", "finished", "v") else bytes) for name, v in entry.items())
    return entry if entry.keys() == names and entry["v"] == 1 and all(kinds) else None
def time_text(micros): return re.sub(r"(\.[0-9]+?)0+\Z", r"\1", (EPOCH + micros * MICRO).isoformat()).encode() + b"Z"
def to_cell(text): return b'"%s"' % text.replace(b'"', b'""') if re.search(rb'[",\r\n]|\A | \Z', text) else text
def merkle_root(hashes):  # RFC 6962 over subtrees of one height, of which the last may be lower
    half = 1 << (len(hashes) - 1).bit_length() >> 1  # the greatest power of two below their number
    return sha256(b"\1" + merkle_root(hashes[:half]) + merkle_root(hashes[half:])) if half else hashes[0]
def root_of(tiles, size, level=0, right=()):  # section 6; size in hashes of the level; right: the root over what is right of them, if anything
    count, tile = size % 256, tiles.get((level, size >> 8), [])
    if not size or count > len(tile): return None if size else [*right, sha256(b"")][0]  # None: a tile that it takes is not there
    return root_of(tiles, size >> 8, level + 1, [merkle_root([*tile[:count], *right])] if count else right)
def verify(files, exporter=None, key=None, found=()):  # {path: bytes; () of a folder/; None of what is neither} -> exit code, output
    if exporter is not None and not exporter_key(exporter) or key is not None and not log_key(key): return 2, b""
    found, plain = set(found), {path: data for path, data in files.items() if isinstance(data, bytes)}
    def small(path, most=1 << 30): return data if len(data := plain.get(path, b"")) <= most else b""  # what is more is read as nothing
    def say(path, text, number=0): return not (text and not found.add((path, number, text)))  # without a text (or with None, False): says True
    def row(file, number, text): return say(ROWS.get(file, file), text and b"row %d: %s" % (number, text), number)
    def report(*lines, counts=()):  # section 12
        lines = b"files %d" % len(plain), b"bytes %d" % sum(map(len, plain.values())), *lines, *counts, b"findings %d" % len(found)
        lines += *(b"%s: %s" % (path, text) for path, _, text in sorted(found)[:1000]), b"NOT verified" if found else b"verified"
        return int(bool(found)), b"".join(re.sub(rb"[^ -~]", lambda byte: b"%%%02x" % byte[0][0], line) + b"\n" for line in lines)
    used, last = {}, (b"", b"")  # section 3; last: manifest and path
    for manifest, number, line in ((file, *item) for file in LISTED for item in enumerate(re.findall(rb"[^\n]*\n|[^\n]+", small(file)), 1)):
        good = (match := LINE.fullmatch(line)) and match[2].startswith(b"data/") == (manifest != TAGS)
        row(manifest, number, b"malformed" if not good else (manifest, match[2]) <= last and b"out of order")
        if good: used.setdefault((last := (manifest, match[2]))[1], bytes.fromhex(match[1].decode()))
    folders, order = {path[:-1] for path in files if files[path] == ()}, [*sorted(used), b""]
    for file, path in ((file, path) for file in LISTED for path in LISTED[file] if path not in used): say(file, b"does not list " + path)
    for path in {*used, TAGS, SIGNATURE}: say(path, b"missing" if path not in plain else path in used and sha256(plain[path]) != used[path] and b"altered")
    for path in folders: say(path, not order[bisect.bisect(order, path + b"/", hi=len(used))].startswith(path + b"/") and b"not listed")
    for path in files: say(path, b"not a plain file" if files[path] is None else path in plain and path not in used and path not in (TAGS, SIGNATURE) and b"not listed")
    about = parse_object(text[:-1]) if (text := small(PACK, 1_000_000))[-1:] == b"\n" else None  # section 4
    fits = about and about.keys() == ABOUT.keys() and all(isinstance(about[name], ABOUT[name]) for name in ABOUT) and about["size"] >= 0
    fits = fits and about["format"] == b"scrutineer-evidence/1" and about["attempts"] in (b"all", b"chosen")
    signer, lines = exporter_key(exporter or (about["exporter"] if fits else b"")), MINISIG.fullmatch(small(SIGNATURE)) or [b""] * 4
    one, two, tags = from_base64(lines[1]), from_base64(lines[3]), hashlib.blake2b(small(TAGS)).digest()  # section 3, the signature
    good = signer and one[:10] == b"ED" + signer[0] and signed(one[10:], tags, signer[1]) and signed(two, one[10:] + lines[2], signer[1])
    say(SIGNATURE, not good and SIGNATURE in plain and b"not signed with the exporter's key")
    if not say(PACK, not fits and PACK in plain and b"not a description of a pack") or not fits: return report()
    def whose(given, name): return b"%s %s" % ((given, b"given") if given else (about[name], b"from-pack"))
    log, head = key or about["key"], [b"format " + about["format"], b"exporter " + whose(exporter, "exporter")]
    head += [b"period %s %s" % tuple(b"open" if about[name] is None else b"%d" % about[name] for name in ("from", "to")), b"rows " + about["attempts"]]
    say(PACK, log != about["key"] and b"names another key of the log than the one given")  # section 5
    origin, size, root = parse_checkpoint(plain.get(CHECKPOINT, b""), log_key(log)) or (b"", -1, b"")
    other = (origin, size) != (about["origin"], about["size"]) and b"of another log or size than pack.json says"
    if not say(CHECKPOINT, CHECKPOINT in plain and (other if root else b"not signed with the log's key")) or other: return report(*head)
    tiles, paths, bundles, entries, earlier, sums = {}, {}, [], {}, 0, dict.fromkeys([*FIELDS, "votes", "votes-without-attempt", "requests"], 0)
    for path, data in ((path, plain[path]) for path in used if path in plain and path.startswith(b"data/log/tile/")):  # section 6
        match = re.fullmatch(rb"data/log/tile/(0|[1-9][0-9]?|entries)/(?!x000/)((?:x[0-9]{3}/){0,6}[0-9]{3})(?:\.p/([0-9]+))?", path) or [b"", b"99", b"0"]
        place = level, index = int(match[1].replace(b"entries", b"0")), int(re.sub(b"[x/]", b"", match[2]))
        width = min(256, (size >> 8 * level) - 256 * index)  # less than 1 at level 99, which stands for a path of another form
        if width <= 0 or match[3] != (b"%d" % width if width < 256 else None): say(path, b"no tile of this log")
        elif match[1] == b"entries": bundles.append((index, width, path))
        elif say(path, len(data) != 32 * width and b"of wrong length"): tiles[place], paths[place] = re.findall(b"(?s).{32}", data), path
    for level, index in (place for place in tiles if len(tiles[place]) == 256):
        wrong = (up := (level + 1, index // 256)) in tiles and tiles[up][index % 256] != merkle_root(tiles[level, index])
        say(paths[level, index], b"its parent is not in the pack" if up not in tiles else wrong and b"does not come to its hash in " + paths[up])
    say(CHECKPOINT, root_of(tiles, size) != root and b"the tiles do not come to its root")
    for index, width, path in sorted(bundles):
        texts, at, data, hashes = [], 0, plain[path], tiles.get((0, index))
        while at < len(data): texts.append(data[at + 2:(at := at + 2 + int.from_bytes(data[at:at + 2], "big"))])
        fault = (at != len(data) or len(texts) != width) and b"not made of %d entries" % width
        for leaf, text in enumerate(texts if say(path, fault if hashes else b"its tile is not in the pack") else (), 256 * index):
            entry = sha256(b"\0" + text) == hashes[leaf % 256] and parse_entry(text)  # False if it is not what was sealed
            fault = b"an entry in canonical form" if entry is None else not entry and b"the entry that was sealed"
            if say(path, fault and b"leaf %d: not %s" % (leaf, fault), leaf): entries[leaf] = entry
    for path in (path for path in plain if path.startswith(b"data/log/checkpoints/")):  # section 5, the earlier ones
        its = parse_checkpoint(plain[path], log_key(log))
        good = its and its[0] == origin and 1 <= its[1] < size and path == b"data/log/checkpoints/%d" % its[1]
        earlier += say(path, root_of(tiles, its[1]) != its[2] and b"not the beginning of the log" if good else b"not an earlier checkpoint of this log")
    def rows(name):  # section 7: (N, record) of the rows from 2 on; whether the file is there and was read to its end
        parts = re.findall(rb'(?s)([^"\n]*(?:"[^"]*"[^"\n]*)*)\n|(.+)', plain.get(ROWS[name], b""))  # (record, b"") or (b"", the rest)
        records = [record for record, _ in itertools.takewhile(lambda part: not part[1] and len(part[0]) <= 1_048_576, parts)]
        whole = row(name, len(records) + 1, len(records) < len(parts) and b"malformed")
        row(name, 1, ROWS[name] in plain and (records or whole) and records[:1] != [COLUMNS[name].encode()] and b"not the header")
        return list(enumerate(records, 1))[1:], whole and ROWS[name] in plain
    def table(name):  # section 7: (N, cells) of the rows from 2 on that are well made
        for number, record in rows(name)[0]:
            cells = [quoted.replace(b'""', b'"') or bare for quoted, bare in re.findall(rb'(?:^|,)(?:"([^"]*(?:""[^"]*)*)"|([^",]*))', record)]
            good = len(cells) == COLUMNS[name].count(",") + 1 and b",".join(map(to_cell, cells)) == record
            if row(name, number, not good and b"malformed"): yield number, cells
    names, pseudonyms = {"token": {None: b""}, "origin": {None: b""}}, {"token": {}, "origin": {}}  # {pseudonym: name}, {name: pseudonym}
    for kind, number, (name, who, *_) in ((kind, *item) for kind in names for item in table(kind + "s")):
        twice = (name in pseudonyms[kind] or who in names[kind]) and b"there twice"
        good = PSEUDONYM.fullmatch(who) and not PSEUDONYM.fullmatch(name) and 0 < len(name) <= 1000
        if row(kind + "s", number, twice if good else b"malformed"): names[kind][who], pseudonyms[kind][name] = name, who
    def row_of(leaf, fields):  # section 8
        values = (names[name].get(value, value) if name in names else value for name, value in ((name, entries[leaf][name]) for name in fields))
        return b",".join([b"%d" % leaf, *(to_cell(time_text(value) if isinstance(value, int) else value or b"") for value in values)])
    casts, told, start, end = {}, set(), (-1 << 53 if about["from"] is None else about["from"]), (1 << 53 if about["to"] is None else about["to"])
    near = [leaf // 256 for leaf, e in entries.items() if start <= e["at"] < end]  # section 6: which bundles must be there
    low, high = 0 if about["from"] is None else min(near, default=1), (size - 1) // 256 if about["to"] is None else max(near, default=0)
    if about["attempts"] == b"all" and size and (near or about["from"] is None is about["to"]):
        for one, other in itertools.pairwise([low - 1, *sorted(index for index, _, _ in bundles if low <= index <= high), high + 1]):
            say(b"data/log/tile/entries", other > one + 1 and b"bundles %d to %d are missing" % (one + 1, other - 1), one + 1)
    for file, fields in FIELDS.items():
        due = [leaf for leaf, e in entries.items() if ("vote" in e) == ("vote" in fields) and start <= e["at"] < end]
        (records, whole), at, must = rows(file), 0, file == "decisions" or about["attempts"] == b"all"
        leaves = [int(match[1]) if (match := re.match(rb"(0|[1-9][0-9]{0,15}),", record)) else -1 for _, record in records]
        for leaf in [*due, 1 << 64]:
            while at < len(leaves) and leaves[at] < leaf: row(file, records[at][0], b"no entry says so"); at += 1
            if leaf in leaves[at:at + 1]: (number, record), at = records[at], at + 1; sums[file] += row(file, number, record != row_of(leaf, fields) and b"not what leaf %d says" % leaf)
            elif must and leaf in entries: say(ROWS[file], (whole or at < len(leaves)) and b"leaf %d: has no row" % leaf, leaf)
    for leaf, e in ((leaf, e) for leaf, e in entries.items() if "vote" in e and e["outcome"] == b"accepted"):  # section 9
        casts.setdefault(e["vote"], [leaf]).append((e["post"], e["token"] and names["token"].get(e["token"], e["token"]), e["value"] or b""))
    for number, (vote, token, post, _, value, *_) in table("votes"):
        leaf, *said = casts.get(vote, [None])
        say(ROWS["votes"], said and (vote in told or told.add(vote)) and b"leaf %d: its vote is there twice" % leaf, leaf)
        fault = (post, token, value) not in said and b"leaf %d says otherwise" % leaf if said else token not in pseudonyms["token"] and b"its token is not in tokens.csv"
        if row("votes", number, fault): sums["votes"], sums["votes-without-attempt"] = sums["votes"] + 1, sums["votes-without-attempt"] + (not said)
    sealed, voids, numbers = dict(carried := [((e["kind"], e["subject"], e["digest"] or b""), leaf) for leaf, e in reversed(entries.items()) if e.get("outcome") == b"done" and "subject" in e]), {}, set()
    due = {done: leaf for done, leaf in carried if done[0] in (b"void", b"restore") and start <= entries[leaf]["at"] < end}  # section 10
    for number, cells in table("voids"):
        fault = cells[1] in voids or cells[0] in numbers or cells[2] not in (b"void", b"restore")
        if row("voids", number, fault and b"malformed") and not numbers.add(cells[0]): voids[cells[1]] = number, cells, [hashlib.sha256(), 0]
    for done in due.keys() - {(cells[2], cells[0], cells[14]) for _, cells, _ in voids.values()} if rows("voids")[1] else ():
        say(ROWS["voids"], b"leaf %d: has no row" % due[done], due[done])
    for number, (void, vote, token, *reviewed) in table("voided_votes"):
        who = pseudonyms["token"].get(token)
        fault = b"of no request in voids.csv" if void not in voids else who is None and b"its token is not in tokens.csv"
        fault = b"malformed" if re.search(rb"[\t\n]", b"".join([vote, token, *reviewed[:4]])) else fault
        if row("voided_votes", number, fault) and not voids[void][2][0].update(b"\t".join([vote, who, *reviewed[:4]]) + b"\n"): voids[void][2][1] += 1
    for number, (subject, _, kind, _, count, _, _, _, _, committed_at, _, _, _, _, digest, *_), (votes, seen) in voids.values():
        other = not committed_at and (b"propose", subject, digest) not in sealed
        unsaid = row("voids", number, (other or ((kind, subject, digest) in sealed) != bool(committed_at)) and b"no sealed decision says so")
        whole = votes.hexdigest().encode() == digest and b"%d" % seen == count
        sums["requests"] += row("voids", number, not whole and b"its votes do not come to its digest") and unsaid
    head += b"origin " + origin, b"size %d" % size, b"root " + root.hex().encode(), b"key " + whose(key, "key"), b"checkpoints %d" % earlier
    return report(*head, counts=[b"entries %d" % len(entries)] + [b"%s %d" % (word.encode(), count) for word, count in sums.items()])
def read_folder(top):  # what verify takes
    files, folders = {}, [b""]
    for folder in folders:  # which grows
        for item in os.scandir(os.path.join(top, folder)):
            if item.is_dir(follow_symlinks=False): folders.append(folder + item.name + b"/")
            else: files[folder + item.name] = open(item.path, "rb").read() if item.is_file(follow_symlinks=False) else None
    return files | dict.fromkeys(folders[1:], ())
def read_tar(data):  # section 1; the files, and the findings about the archive
    files, at, last = {}, 0, b""
    while len(data) - at != 1024 or any(data[at:]):
        name, size = data[at:at + 100].split(b"\0")[0], int((re.fullmatch(rb"[0-7]{11}", data[at + 124:at + 135]) or [b"0"])[0], 8)
        start = name.ljust(100, b"\0") + b"\0".join((b"0000644", b"0000000", b"0000000", b"%011o" % size, b"0" * 11, b""))
        rest = b"0" + bytes(100) + b"ustar\0" + b"00" + bytes(64) + b"0000000\0" * 2 + bytes(167)
        member = start + b"%06o\0 " % sum(start + b" " * 8 + rest) + rest + data[at + 512:at + 512 + size] + bytes(-size % 512)
        odd = name[:5] != b"pack/" or name <= last or name == b"pack/" or len(member) != 512 + size + -size % 512
        if odd or data[at:at + len(member)] != member: return files, [(b"pack.tar", 0, b"not as a pack's archive is, from byte %d on" % at)]
        files[name[5:]], last, at = data[at + 512:at + 512 + size], name, at + len(member)
    return files, []
def main():
    parser = argparse.ArgumentParser(allow_abbrev=False)
    for name in ("--exporter", "--key"): parser.add_argument(name, metavar="KEY", type=os.fsencode)
    parser.add_argument("pack", metavar="DIR|FILE.tar", type=os.fsencode)
    top = (given := parser.parse_args()).pack
    try: files, faults = read_tar(open(top, "rb").read()) if top.endswith(b".tar") and not os.path.isdir(top) else (read_folder(top), [])
    except OSError as error: parser.error(str(error))
    code, text = verify(files, given.exporter, given.key, faults)
    return parser.error("a key that is none") if code == 2 else sys.stdout.buffer.write(text) and code
if __name__ == "__main__": sys.exit(main())
