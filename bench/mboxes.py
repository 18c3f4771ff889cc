"""Reading mbox files as a stream."""


def raw_messages(lines):
    """The messages of an mboxrd file with its quoting taken away."""
    gathered = []
    for line in lines:
        if line.startswith(b"From ") and (not gathered or gathered[-1] in (b"\n", b"\r\n")):
            if gathered:
                yield b"".join(gathered)
            gathered = []
        else:
            is_quoted = line.startswith(b">") and line.lstrip(b">").startswith(b"From ")
            gathered.append(line[1:] if is_quoted else line)
    if gathered:
        yield b"".join(gathered)
