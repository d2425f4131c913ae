"""A disk of the drill's own: an ext4 file system in a file, whose power can be cut.

The cut is ext4's own shutdown call, the one that its authors test crash recovery with: from that instant nothing in the page cache or in
the journal's memory reaches the disk. What is mounted again afterwards is what a disk holds after a real power cut.
"""

import fcntl
import os
import struct
import subprocess
from pathlib import Path

#: EXT4_IOC_SHUTDOWN and EXT4_GOING_FLAGS_NOLOGFLUSH of the kernel's fs/ext4/ext4.h.
_SHUTDOWN = 0x8004587D
_WITHOUT_FLUSHING = 2


class Disk:
    """A file system of `gigabytes` at `mount_point`, kept in a sparse file beside it."""

    def __init__(self, mount_point: Path, gigabytes: int) -> None:
        self.mount_point = mount_point
        self._image = mount_point.with_suffix(".img")
        self._gigabytes = gigabytes

    def make(self) -> None:
        """Make an empty file system and mount it. What an earlier drill left is removed."""
        self.remove()
        self.mount_point.mkdir(parents=True)
        with self._image.open("wb") as image:
            image.truncate(self._gigabytes << 30)
        subprocess.run(["mkfs.ext4", "-q", "-E", "lazy_itable_init=0,lazy_journal_init=0", self._image], check=True)
        self.mount()

    def mount(self) -> None:
        """Mount it; the journal is replayed where its power was cut."""
        subprocess.run(["mount", "-o", "loop", self._image, self.mount_point], check=True)

    def unmount(self) -> None:
        """Unmount it, and every other place at which the engine had mounted a folder of it."""
        subprocess.run(["umount", "--all-targets", self.mount_point], check=True)

    def cut(self) -> None:
        """Let nothing that is not on the disk yet come to it any more; every access fails from now on."""
        folder = os.open(self.mount_point, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.ioctl(folder, _SHUTDOWN, struct.pack("I", _WITHOUT_FLUSHING))
        finally:
            os.close(folder)

    def remove(self) -> None:
        """Remove the file system and all that is on it."""
        if self.mount_point.is_mount():
            self.unmount()
        self._image.unlink(missing_ok=True)
        if self.mount_point.exists():
            self.mount_point.rmdir()
