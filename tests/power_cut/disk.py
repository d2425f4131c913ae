"""A disk for the power-cut drill: an ext4 file system in a file, whose power can be cut.

The cut is ext4's shutdown call, which ext4's developers use to test crash recovery. After it, nothing from the page cache or from the journal's
memory reaches the disk. Mounted again, the disk holds what a disk holds after a real power cut.
"""

import fcntl
import os
import struct
import subprocess
from pathlib import Path

#: EXT4_IOC_SHUTDOWN and EXT4_GOING_FLAGS_NOLOGFLUSH from fs/ext4/ext4.h of the Linux kernel.
_SHUTDOWN = 0x8004587D
_WITHOUT_FLUSHING = 2


class Disk:
    """A file system of `gigabytes` at `mount_point`, kept in a sparse file beside it."""

    def __init__(self, mount_point: Path, gigabytes: int) -> None:
        self.mount_point = mount_point
        self._image = mount_point.with_suffix(".img")
        self._gigabytes = gigabytes

    def make(self) -> None:
        """Make an empty file system and mount it. Remove first what an earlier drill left."""
        self.remove()
        self.mount_point.mkdir(parents=True)
        with self._image.open("wb") as image:
            image.truncate(self._gigabytes << 30)
        subprocess.run(["mkfs.ext4", "-q", "-E", "lazy_itable_init=0,lazy_journal_init=0", self._image], check=True)
        self.mount()

    def mount(self) -> None:
        """Mount the file system. After a power cut, ext4 replays its journal."""
        subprocess.run(["mount", "-o", "loop", self._image, self.mount_point], check=True)

    def unmount(self) -> None:
        """Unmount the file system, also from every place where the engine mounted one of its folders."""
        subprocess.run(["umount", "--all-targets", self.mount_point], check=True)

    def cut(self) -> None:
        """Cut the power: nothing more is written to the disk, and every access fails."""
        folder = os.open(self.mount_point, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.ioctl(folder, _SHUTDOWN, struct.pack("I", _WITHOUT_FLUSHING))
        finally:
            os.close(folder)

    def remove(self) -> None:
        """Remove the file system with all its files."""
        if self.mount_point.is_mount():
            self.unmount()
        self._image.unlink(missing_ok=True)
        if self.mount_point.exists():
            self.mount_point.rmdir()
