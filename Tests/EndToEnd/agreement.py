#!/usr/bin/env python3
"""How far our reading of mail agrees with Python's email and Dovecot where those two agree with each other.

    agreement.py FILE-OR-FOLDER... -- COMMAND...      for example  -- liaison inspect mail --json

The command gets a message file as its last arguments and prints one JSON object a line. Dovecot reads the same files
from a private Maildir through doveadm; no server is started. Fields: from, to, cc (addresses and names), subject, date,
message-id, attachments (how many named or non-text leaves, and their names). Ends with 1 below 99 % on any field.
"""
import email, email.header, email.policy, email.utils, json, os, re, shutil, subprocess, sys, tempfile
from concurrent.futures import ThreadPoolExecutor

FIELDS = ["from", "to", "cc", "subject", "date", "message-id", "attachments"]


def split_mbox(data):
    out, current = [], None
    for line in data.splitlines(keepends=True):
        if line.startswith(b"From "):
            if current is not None:
                out.append(b"".join(current))
            current = []
        elif current is not None:
            out_line = line[1:] if re.match(rb">+From ", line) else line
            current.append(out_line)
    return out + ([b"".join(current)] if current else [])


def collect(paths):
    """Every message as (label, bytes); mbox files are split, empty files left out."""
    for path in paths:
        files = [path] if os.path.isfile(path) else sorted(
            os.path.join(d, f) for d, _, names in os.walk(path) for f in names)
        for name in files:
            if name.endswith((".xz", ".md", ".html", ".json")) or os.path.basename(name).startswith("README"):
                continue
            data = open(name, "rb").read()
            if data.startswith(b"From ") and name.endswith(".mbox"):
                for number, message in enumerate(split_mbox(data)):
                    yield f"{name}#{number}", message
            elif data:
                if data.startswith(b"From "):
                    data = data.split(b"\n", 1)[1]
                yield name, data


# --- normal forms ------------------------------------------------------------------------------------------------

def text(value):
    """Decoded, without differences of white space."""
    if value is None:
        return ""
    if isinstance(value, bytes):
        value = value.decode("utf-8", "surrogateescape")
    value = re.sub(r"\r?\n", "", str(value))
    try:
        raw = value.encode("utf-8", "surrogateescape")
        try:
            value = raw.decode("utf-8")
        except UnicodeDecodeError:
            return None
        parts = email.header.decode_header(value)
        value = "".join(p if isinstance(p, str) else p.decode(c or "ascii") for p, c in parts)
    except (LookupError, UnicodeError, ValueError, email.errors.HeaderParseError):
        return None
    return re.sub(r"[\s\x00-\x1f\x7f]+", "", value)


def same_name(name):
    value = text(name)
    return None if value is None else value.strip("'\"")


def address_list(pairs):
    out = []
    for name, address in pairs:
        if "@" in address:
            out.append((same_name(name), address.strip().lower()))
    return out


def file_names(leaves):
    """(type, name, disposition) of all leaves: names of what is named or no text. A lone text is the shown body."""
    leaves = list(leaves)
    if len(leaves) == 1 and leaves[0][0].startswith("text/") and leaves[0][2] == "top":
        return []
    names = []
    for kind, name, _ in leaves:
        if name or not kind.startswith("text/"):
            clean = text(name or "")
            names.append(clean if clean is None else re.split(r"[/\\]", clean)[-1])
    return sorted(names, key=str) if None not in names else None


# --- Python ------------------------------------------------------------------------------------------------------

def python_view(data):
    message = email.message_from_bytes(data, policy=email.policy.compat32)
    get = lambda name: str(message.get(name, "") or "")

    def leaves(part):
        if part.get_content_maintype() == "multipart" and isinstance(part.get_payload(), list):
            for child in part.get_payload():
                yield from leaves(child)
        elif part.get_content_maintype() != "multipart":
            place = "top" if part is message and part.get_content_disposition() != "attachment" else ""
            yield part.get_content_type(), part.get_filename(), place

    date = email.utils.parsedate_tz(get("date"))
    return {
        "from": address_list(email.utils.getaddresses([get("from")])),
        "to": address_list(email.utils.getaddresses([get("to")])),
        "cc": address_list(email.utils.getaddresses([get("cc")])),
        "subject": text(get("subject")),
        "date": int(email.utils.mktime_tz(date)) if date else None,
        "message-id": get("message-id").strip().strip("<>").strip(),
        "attachments": file_names(leaves(message)),
    }


# --- Dovecot -----------------------------------------------------------------------------------------------------

def parse_list(source):
    """An IMAP parenthesised list as nested Python lists; atoms and strings as str, NIL as None."""
    position = 0

    def value():
        nonlocal position
        while position < len(source) and source[position] == " ":
            position += 1
        if source[position] == "(":
            position += 1
            out = []
            while True:
                while source[position] == " ":
                    position += 1
                if source[position] == ")":
                    position += 1
                    return out
                out.append(value())
        if source[position] == '"':
            position += 1
            out = []
            while source[position] != '"':
                if source[position] == "\\":
                    position += 1
                out.append(source[position])
                position += 1
            position += 1
            return "".join(out)
        literal = re.match(r"\{(\d+)\}\r?\n", source[position:])
        if literal:
            position += literal.end()
            rest = source[position:].encode("utf-8", "surrogateescape")[: int(literal[1])]
            out = rest.decode("utf-8", "surrogateescape")
            position += len(out)
            return out
        atom = re.match(r"[^ ()]+", source[position:])
        position += atom.end()
        return None if atom[0].upper() == "NIL" else atom[0]

    out = []
    while position < len(source.rstrip()):
        out.append(value())
    return out


def parameters(pairs):
    return list(zip(pairs[::2], pairs[1::2])) if isinstance(pairs, list) else []


def name_of(type_parameters, disposition):
    """Python decodes RFC 2231 for both, so that only the structure is compared."""
    part = email.message.Message()
    quote = lambda v: '"' + (v or "").replace("\\", "\\\\").replace('"', '\\"') + '"'
    join = lambda first, pairs: "; ".join([first] + [f"{k}={quote(v)}" for k, v in pairs if k])
    if isinstance(disposition, list) and disposition:
        values = parameters(disposition[1] if len(disposition) > 1 else None)
        part["Content-Disposition"] = join(disposition[0] or "x", values)
    part["Content-Type"] = join("application/x", parameters(type_parameters))
    return part.get_filename()


def structure_leaves(node, is_top=True):
    if isinstance(node[0], list):
        for child in node:
            if isinstance(child, list) and child and (isinstance(child[0], list) or isinstance(child[1:2], list)):
                if isinstance(child[0], list) or (len(child) >= 7):
                    yield from structure_leaves(child, False)
            else:
                break
        return
    kind = f"{node[0]}/{node[1]}".lower()
    disposition = next((v for v in node[8:] if isinstance(v, list) and v and isinstance(v[0], str)
                        and (len(v) < 2 or v[1] is None or isinstance(v[1], list))
                        and v[0].lower() in ("inline", "attachment")), None)
    is_attachment = disposition is not None and disposition[0].lower() == "attachment"
    yield kind, name_of(node[2], disposition), "top" if is_top and not is_attachment else ""


def dovecot_views(messages):
    folder = tempfile.mkdtemp(prefix="agreement")
    try:
        for sub in ("cur", "new", "tmp"):
            os.makedirs(f"{folder}/mail/{sub}")
        for number, (_, data) in enumerate(messages):
            open(f"{folder}/mail/cur/{1000000 + number}.M1P1.a:2,S", "wb").write(data)
        # Dovecot refuses to read mail as root.
        owner, group = (os.getuid(), os.getgid()) if os.getuid() else (65534, 65534)
        if not os.getuid():
            subprocess.run(["chown", "-R", f"{owner}:{group}", folder], check=True)
        with open(f"{folder}/dovecot.conf", "w") as config:
            config.write(f"mail_location=maildir:{folder}/mail\nmail_uid={owner}\nmail_gid={group}\n"
                         f"first_valid_uid=0\nfirst_valid_gid=0\nbase_dir={folder}/run\nssl=no\nlog_path={folder}/log\n"
                         f"mail_home={folder}\nstats_writer_socket_path=\n")
        fields = "guid imap.envelope imap.bodystructure date.sent"
        environment = dict(os.environ, TZ="UTC", USER="reader", HOME=folder)
        fetch = ["doveadm", "-c", f"{folder}/dovecot.conf", "-f", "json", "fetch", fields, "mailbox", "INBOX"]
        run = subprocess.run(fetch, env=environment, capture_output=True)
        if run.returncode not in (0, 65, 68):
            print(run.stderr.decode()[-500:], file=sys.stderr)
        rows = json.loads(run.stdout.decode("utf-8", "surrogateescape"), strict=False)
        return {int(row["guid"].split(".")[0]) - 1000000: row for row in rows}
    finally:
        shutil.rmtree(folder)


def dovecot_view(row):
    envelope = parse_list(row["imap.envelope"])
    if len(envelope) == 1 and isinstance(envelope[0], list):
        envelope = envelope[0]
    people = lambda entries: address_list(
        [(e[0] or "", f"{e[2]}@{e[3]}") for e in entries or [] if isinstance(e, list) and e[2] and e[3]])
    structure = parse_list(row["imap.bodystructure"])
    if len(structure) == 1:
        structure = structure[0]
    seconds = None
    if envelope[0]:
        stamp = re.match(r"(\d+)-(\d+)-(\d+) (\d+):(\d+):(\d+)", row["date.sent"])
        seconds = int(email.utils.mktime_tz(tuple(int(v) for v in stamp.groups()) + (0, 1, -1, 0))) if stamp else None
    return {
        "from": people(envelope[2]), "to": people(envelope[5]), "cc": people(envelope[6]), "subject": text(envelope[1]),
        "date": seconds, "message-id": (envelope[9] or "").strip().strip("<>").strip(),
        "attachments": file_names(structure_leaves(structure)),
    }


# --- ours --------------------------------------------------------------------------------------------------------

def our_view(command, data):
    with tempfile.NamedTemporaryFile(suffix=".eml") as file:
        file.write(data)
        file.flush()
        run = subprocess.run(command + [file.name], capture_output=True)
    if run.returncode != 0:
        return None
    value = json.loads(run.stdout.splitlines()[0])
    people = lambda key: address_list([(a["name"], a["address"]) for a in value[key]])
    seconds = None
    if value["date"]:
        stamp = re.match(r"(-?\d+)-(\d+)-(\d+)T(\d+):(\d+):(\d+)", value["date"])
        seconds = int(email.utils.mktime_tz(tuple(int(v) for v in stamp.groups()) + (0, 1, -1, 0)))
    return {
        "from": people("from"), "to": people("to"), "cc": people("cc"),
        "subject": text(value["subject"]), "date": seconds,
        "message-id": value["messageID"],
        "attachments": file_names((a["contentType"], a["filename"], "") for a in value["attachments"]),
    }


def reason(field, data, theirs, mine):
    """Why ours may differ and be right; `to be looked at` where we know none."""
    if mine is None:
        return "the command failed"
    if field == "attachments" and re.search(rb"(?m)^begin [0-7]{3,4} \S", data):
        return "a uuencoded file in the text is an attachment for us"
    if field == "attachments" and set(theirs) <= set(mine):
        return "a part that only we find"
    if field in ("from", "to", "cc") and [a for _, a in theirs] == [a for _, a in mine]:
        return "encoded words in a quoted name, which we decode"
    if field in ("from", "to", "cc") and not theirs:
        return "a broken header that only we read"
    if field == "message-id" and mine and mine in theirs:
        return "something stands behind the id"
    return "to be looked at"


def main():
    split = sys.argv.index("--")
    command = sys.argv[split + 1:]
    messages = list(collect(sys.argv[1:split]))
    rows = dovecot_views(messages)
    with ThreadPoolExecutor(2) as pool:
        ours = list(pool.map(lambda m: our_view(command, m[1]), messages))
    agreed, equal, different = dict.fromkeys(FIELDS, 0), dict.fromkeys(FIELDS, 0), []
    unread = 0
    for number, (label, data) in enumerate(messages):
        if number not in rows:
            continue
        try:
            python, dovecot = python_view(data), dovecot_view(rows[number])
        except Exception as problem:  # a reader that gives up cannot agree with anyone
            unread += 1
            print(f"not compared: {label}: {type(problem).__name__}: {problem}", file=sys.stderr)
            continue
        for field in FIELDS:
            if python[field] is None or python[field] != dovecot[field] or str(None) in str(python[field]):
                continue
            agreed[field] += 1
            mine = ours[number] and ours[number][field]
            if mine == python[field]:
                equal[field] += 1
            else:
                different.append((field, label, reason(field, data, python[field], mine), python[field], mine))
    for field, label, why, theirs, mine in different:
        lines = f"{field}\t{label}: {why}\n  both: {theirs!r}\n  ours: {mine!r}"
        print(lines.encode("utf-8", "backslashreplace").decode()[:900])
    print(f"{len(messages)} messages, {len(rows)} read by Dovecot, {unread} not compared")
    for field in FIELDS:
        share = 100 * equal[field] / max(1, agreed[field])
        print(f"{field:12} {equal[field]:6} of {agreed[field]:6} = {share:.2f} %")
    return 0 if all(equal[f] >= 0.99 * agreed[f] for f in FIELDS) and rows else 1


if __name__ == "__main__":
    sys.exit(main())
