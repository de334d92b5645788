"""Runs an interactive bash by a command before it, on a terminal of its own:  terminal.py COMMAND...
It stops a job, continues it, interrupts it, and ends the shell with 3. Exits with 0 if all of that works."""
import os
import pty
import select
import sys
import time

pid, terminal = pty.fork()
if pid == 0:
    os.environ.update(PS1="prompt> ", HISTFILE="", TERM="dumb")
    os.execvp(sys.argv[1], sys.argv[1:] + ["bash", "--norc", "--noprofile", "-i"])
seen = ""


def expect(text):
    """Reads until there is @text after what was found before."""
    global seen
    end = time.monotonic() + 60
    while text not in seen:
        if not select.select([terminal], [], [], max(0, end - time.monotonic()))[0]:
            sys.exit(f"expected {text!r}, got {seen!r}")
        try:
            seen += os.read(terminal, 4096).decode(errors="replace")
        except OSError:  # the other end is closed
            sys.exit(f"expected {text!r} before the end, got {seen!r}")
    before, _, seen = seen.partition(text)
    return before


def send(text):
    os.write(terminal, text.encode())


def foreground(is_shell):
    """Waits until the shell, or another process group, has the terminal."""
    end = time.monotonic() + 60
    while (os.tcgetpgrp(terminal) == shell) != is_shell:
        if time.monotonic() > end:
            sys.exit("the terminal was not handed over")
        time.sleep(0.005)


first = expect("prompt> ")
if "job control" in first:
    sys.exit(first)
shell = os.tcgetpgrp(terminal)
send("sh -c 'echo rea''dy; exec cat'; echo ended-$?\n")
expect("ready")
send("line\n")
expect("line\r\nline")
send("\x1a")  # Ctrl-Z
expect("Stopped")
expect("prompt> ")
foreground(True)
send("fg\n")
foreground(False)
send("again\n")
expect("again\r\nagain")
send("\x03")  # Ctrl-C
expect("prompt> ")
send("exit 3\n")
expect("failed: the command ended with exit code 3")
status = os.waitpid(pid, 0)[1]
sys.exit(0 if os.waitstatus_to_exitcode(status) == 3 else f"status {status}")
