"""What strace -f wrote, as processes: who forked whom, what each executed, which shared libraries it opened."""
import os
import re

LINE = re.compile(r"(\d+) +(.*)")
UNFINISHED = " <unfinished ...>"
RESUMED = re.compile(r"<\.\.\. \w+ resumed>(.*)")
EXECVE = re.compile(r'execve\((".*?(?<!\\)"), \[(.*)\], 0x[0-9a-f]+ /\*.*\*/\) += 0')
# In a PID namespace of its own a parent learns another number than the log's: strace tells both.
FORK = re.compile(r"(?:clone3?|v?fork)\((.*)\) += (?:\d+ /\* )?(\d+)(?: in strace's PID NS \*/)?$")
OPENED = re.compile(r'openat\(\w+, (".*?(?<!\\)"), [^)]*\) += \d+$')
TEXT = re.compile(r'"((?:[^"\\]|\\.)*)"')
ESCAPE = re.compile(rb"\\([0-7]{1,3}|x[0-9a-f]{2}|.)", re.S)
PLAIN = {b"n": b"\n", b"t": b"\t", b"r": b"\r", b"v": b"\v", b"f": b"\f"}


def unescape(text):
    def one(match):
        code = match[1]
        if code[:1].isdigit():
            return bytes([int(code, 8)])
        return PLAIN.get(code, code)
    return ESCAPE.sub(one, text.encode("latin-1", "replace")).decode("utf-8", "replace")


class Process:
    def __init__(self, pid):
        self.pid = pid
        self.parent = None
        self.born = 0      # how many programs the parent had executed
        self.programs = []  # {"path", "args"}
        self.libraries = {}  # index of the program: paths


class Log:
    def __init__(self, text):
        self.processes, self.threads, self.first = {}, {}, None
        begun, halves = False, {}
        for line in text.split("\n"):
            match = LINE.match(line)
            if not match:
                continue
            pid, what = int(match[1]), match[2]
            if what.endswith(UNFINISHED):
                halves[pid] = what[: -len(UNFINISHED)]
                continue
            resumed = RESUMED.match(what)
            if resumed:
                what = halves.pop(pid, "") + resumed[1]
            if not begun:
                if '"/.trace-begins"' in what:
                    begun, self.first = True, self.of(pid)
                continue
            self.event(pid, what)

    def of(self, pid):
        pid = self.threads.get(pid, pid)
        return self.processes.setdefault(pid, Process(pid))

    def event(self, pid, what):
        process = self.of(pid)
        execve, fork, opened = EXECVE.match(what), FORK.match(what), OPENED.match(what)
        if execve:
            process.programs.append({"path": unescape(execve[1][1:-1]), "args": [unescape(a) for a in TEXT.findall(execve[2])]})
        elif fork and "CLONE_THREAD" in fork[1]:
            self.threads[int(fork[2])] = process.pid
        elif fork:
            child = self.of(int(fork[2]))
            child.parent, child.born = process, len(process.programs)
        elif opened and ".so" in opened[1]:
            path = os.path.normpath(unescape(opened[1][1:-1]))
            if re.search(r"\.so(\.[0-9.]+)?$", path):
                process.libraries.setdefault(len(process.programs) - 1, set()).add(path)

    def chain(self, pid):
        """Every program executed on the way from the entrypoint to what this process runs now."""
        process = self.of(pid)
        found = list(process.programs)
        while process.parent:
            found = process.parent.programs[: process.born] + found
            process = process.parent
        return found

    def program_of(self, pid):
        """The last program executed on that way: the process's own, or the one it was forked from."""
        chain = self.chain(pid)
        return chain[-1] if chain else None

    def loaded(self):
        """Each program executed and the libraries it opened: {path: set}."""
        found = {}
        for process in self.processes.values():
            for at, program in enumerate(process.programs):
                found.setdefault(program["path"], set()).update(process.libraries.get(at, ()))
        return found
