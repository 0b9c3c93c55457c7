"""Reads configuration as the programs do that read it: one request of JSON on stdin, one answer on stdout."""
import configparser
import ctypes
import json
import re
import sys


def libpq():
    library = ctypes.CDLL('libpq.so.5')
    library.PQconnectStart.restype = ctypes.c_void_p
    library.PQpass.restype = ctypes.c_char_p
    library.PQpass.argtypes = [ctypes.c_void_p]
    library.PQfinish.argtypes = [ctypes.c_void_p]
    return library


def password(pq, path, host, user):
    """What libpq takes from a password file for this login."""
    quoted = lambda text: "'" + text.replace('\\', '\\\\').replace("'", "\\'") + "'"
    # The port is refused at once: only the file is asked.
    info = f'hostaddr=127.0.0.1 port=1 host={quoted(host)} user={quoted(user)} passfile={quoted(path)} dbname=db'
    connection = pq.PQconnectStart(info.encode())
    found = pq.PQpass(connection)
    pq.PQfinish(connection)
    return found.decode()


class Option(ctypes.Structure):
    _fields_ = [(name, ctypes.c_char_p) for name in ('keyword', 'envvar', 'compiled', 'val', 'label', 'dispchar')] + [('dispsize', ctypes.c_int)]


def conninfo(pq, text):
    parse = pq.PQconninfoParse
    parse.restype = ctypes.POINTER(Option)
    options = parse(text.encode(), None)
    found, i = {}, 0
    while options and options[i].keyword:
        if options[i].val is not None:
            found[options[i].keyword.decode()] = options[i].val.decode()
        i += 1
    return found


def ini(path, raw):
    with open(path) as file:
        return ini_text(file.read(), raw)


def ini_text(text, raw):
    parser = (configparser.RawConfigParser if raw else configparser.ConfigParser)()
    parser.read_string(text)
    return {section: dict(parser.items(section)) for section in parser.sections()}


def barman(read):
    """barman/config.py takes quotes around a value away."""
    quotes = re.compile(r"""^(["'])(.*)\1$""")
    return {s: {k: quotes.sub(lambda m: m.group(2), v) for k, v in o.items()} for s, o in read.items()}


def main():
    kind, request = json.load(sys.stdin)
    if kind == 'pgpass':
        pq = libpq()
        answer = [password(pq, *login) for login in request]
    elif kind == 'conninfo':
        pq = libpq()
        answer = [conninfo(pq, text) for text in request]
    elif kind == 'ini':
        answer = [ini(request, raw) for raw in (True, False)]
    elif kind == 'barman':
        answer = barman(ini(request, False))
    elif kind == 'barman texts':
        answer = [barman(ini_text(text, False)) for text in request]
    else:
        import yaml
        with open(request) as file:
            answer = yaml.safe_load(file)
    json.dump(answer, sys.stdout)


main()
