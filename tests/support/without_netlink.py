"""Run a command without notices of changes of the machine's networks: `without_netlink.py chromium …`.

Each container that starts or ends changes the machine's networks. Chromium learns of it through a netlink socket and cancels its open requests
(ERR_NETWORK_CHANGED). Without that socket it does not, so pages can be tested while other tests start containers.
"""

import errno
import os
import socket
import sys

import pyseccomp

rules = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
rules.add_rule(pyseccomp.ERRNO(errno.EAFNOSUPPORT), "socket", pyseccomp.Arg(0, pyseccomp.EQ, socket.AF_NETLINK))
rules.load()
os.execvp(sys.argv[1], sys.argv[1:])  # noqa: S606 - the command is the tests' own browser
