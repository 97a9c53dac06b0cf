"""Runs a command on a terminal of its own that stands still from the start, as after Ctrl-S or on a stalled connection.

Says `pid N` on stderr, reads the terminal from the first SIGUSR1 on and copies it to stdout, ends with the command's code.
"""

import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time

master, slave = pty.openpty()
fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 120, 0, 0))
filler = os.open(os.ttyname(slave), os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK)


def fill():
    """Writes until the terminal takes nothing more, and says whether it took anything."""
    took = False
    try:
        while True:
            os.write(filler, b"#" * 64)
            took = True
    except BlockingIOError:
        return took


# The kernel carries what was written on to the other end in a thread of its own, which makes room again some time later.
full_for = 0
while full_for < 5:
    full_for = 0 if fill() else full_for + 1
    time.sleep(0.02)
os.close(filler)

reading = False


def read_from_now_on(*_):
    global reading
    reading = True


signal.signal(signal.SIGUSR1, read_from_now_on)
pid = os.fork()
if pid == 0:
    os.setsid()
    fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
    for descriptor in (0, 1, 2):
        os.dup2(slave, descriptor)
    os.execvp(sys.argv[1], sys.argv[1:])
os.close(slave)
print("pid", pid, file=sys.stderr, flush=True)

ended = False
while True:
    if reading and select.select([master], [], [], 0.02)[0]:
        try:
            os.write(1, os.read(master, 65536))
            continue
        except OSError:
            reading = False
    if ended:
        sys.exit(os.waitstatus_to_exitcode(status))
    done, status = os.waitpid(pid, os.WNOHANG)
    ended = done == pid
    time.sleep(0.02)
