"""Runs a command and writes down what it and everything it started cost.

usage: account.py REPORT SAMPLE(0|1) STAY(0|1) LIMIT -- COMMAND...

Node tells nothing about the children of children. Here all that outlives its parent (ssh's shared connections, mitogen's
helpers) becomes a child of this process, is ended with the command, and counts. Memory is the sum of proportional set sizes,
so that pages which forked processes share are counted once. With STAY what outlives the command is left alone, for the next run.
"""
import ctypes, json, os, resource, signal, subprocess, sys, threading, time

PR_SET_CHILD_SUBREAPER = 36
report, sample, stay, limit, command = sys.argv[1], sys.argv[2] == "1", sys.argv[3] == "1", float(sys.argv[4]), sys.argv[6:]
if not stay:
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def descendants():
    children = {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/stat") as stat:
                parent = int(stat.read().rpartition(")")[2].split()[1])
        except (OSError, ValueError):
            continue
        children.setdefault(parent, []).append(int(name))
    found, todo = [], [os.getpid()]
    while todo:
        below = children.get(todo.pop(), [])
        found += below
        todo += below
    return found


def memory():
    total = 0
    for pid in descendants():
        try:
            with open(f"/proc/{pid}/smaps_rollup") as rollup:
                total += sum(int(line.split()[1]) for line in rollup if line.startswith("Pss:"))
        except (OSError, ValueError):
            continue
    return total * 1024


def sent():
    """Bytes that the controller's own end of the lab's bridge sent; what hosts send each other does not pass it."""
    with open("/proc/net/dev") as devices:
        for line in devices:
            name, _, counts = line.partition(":")
            if name.strip() == "br0":
                return int(counts.split()[8])
    return 0


peak, over = 0, threading.Event()


def watch(start):
    """Ever more seldom, so that looking costs little beside a long run."""
    global peak
    while not over.is_set():
        peak = max(peak, memory())
        over.wait(max(0.05, (time.monotonic() - start) / 30))


def end_rest(how):
    for pid in descendants():
        try:
            os.kill(pid, how)
        except ProcessLookupError:
            pass


def cut_off():
    global late
    late = True
    end_rest(signal.SIGKILL)


def ended_from_outside(*_):
    end_rest(signal.SIGKILL)
    os._exit(1)


late = False
signal.signal(signal.SIGTERM, ended_from_outside)
signal.signal(signal.SIGINT, ended_from_outside)
before, epoch, start = sent(), time.time(), time.monotonic()
child = subprocess.Popen(command, stdin=subprocess.DEVNULL)
timer = threading.Timer(limit, cut_off)
timer.daemon = True
timer.start()
watcher = threading.Thread(target=watch, args=(start,), daemon=True)
if sample:
    watcher.start()
_, status = os.waitpid(child.pid, 0)
wall = time.monotonic() - start
timer.cancel()
over.set()
if sample:
    watcher.join()
if not stay:
    patience = time.monotonic() + 5
    end_rest(signal.SIGTERM)
    while True:
        try:
            pid, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            break
        if pid == 0:
            if time.monotonic() > patience:
                end_rest(signal.SIGKILL)
            time.sleep(0.01)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
code = os.waitstatus_to_exitcode(status)
with open(report, "w") as out:
    cpu = used.ru_utime + used.ru_stime
    cost = {"started": epoch, "wall": wall, "cpu": cpu, "peak": peak, "sent": sent() - before, "status": code, "late": late}
    json.dump(cost, out)
