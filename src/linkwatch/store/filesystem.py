"""The file system of a database: SQLite's write-ahead log needs shared memory, so one machine."""

import re
from dataclasses import dataclass
from pathlib import Path

from linkwatch.errors import StoreError

MOUNTS = Path("/proc/self/mountinfo")
"""Linux's table of mounts, proc(5); where there is none, any file system is accepted."""

_OVER_A_NETWORK = {
    "afs", "beegfs", "ceph", "cifs", "coda", "davfs", "glusterfs", "gpfs", "lustre", "ncpfs", "nfs", "nfs4",
    "orangefs", "smb2", "smb3", "smbfs",
}  # fmt: skip
_OVER_A_NETWORK_BY_FUSE = {
    "beegfs", "blobfuse", "blobfuse2", "ceph", "ceph-fuse", "curlftpfs", "gcsfuse", "glusterfs", "goofys", "juicefs",
    "mfs", "moosefs", "mount-s3", "rclone", "s3fs", "smbnetfs", "sshfs",
}  # fmt: skip
"""Other FUSE types may be local disks (ntfs-3g, exfat, fuse-overlayfs): they are accepted."""

_NET_TRANSPORT = re.compile(r"(?:^|,)trans=(?:tcp|rdma)(?:,|$)")
"""9p uses a network with these; with virtio or a file descriptor it is the disk of a VM or of a sandbox."""


@dataclass(frozen=True, slots=True)
class Mount:
    """A mounted file system."""

    point: Path
    kind: str
    """As the kernel calls it: `ext4`, `nfs4`, `fuse.sshfs`."""

    source: str
    """A device, `server:/export`, or any word."""

    options: str
    """Of the file system itself, separated by commas."""

    @property
    def over_a_network(self) -> bool:
        """Whether other machines may write there, too."""
        if self.kind == "9p":
            return _NET_TRANSPORT.search(self.options) is not None
        if self.kind == "fuse" or self.kind.startswith("fuse."):
            return self.kind.removeprefix("fuse.") in _OVER_A_NETWORK_BY_FUSE or "://" in self.source
        return self.kind in _OVER_A_NETWORK


def find_mount(file: Path, mountinfo: str) -> Mount | None:
    """The mount that holds a file; None when the table does not list it.

    Args:
        file: Absolute, with symbolic links resolved; need not exist.
        mountinfo: The table, as Linux writes it.
    """
    holding = [mount for mount in map(_parsed, mountinfo.splitlines()) if mount and file.is_relative_to(mount.point)]
    # The deepest one; of several at the same place the last covers the others.
    return max(reversed(holding), key=lambda mount: len(mount.point.parts), default=None)


def mount_of_file(file: Path) -> Mount | None:
    """The mount that holds a file on this machine; None when it is unknown."""
    try:
        return find_mount(file.resolve(), MOUNTS.read_text("utf-8", "surrogateescape"))
    except OSError:
        return None


def refuse_network_file_system(file: Path) -> None:
    """Refuse an SQLite database where other machines may write.

    Raises:
        StoreError: It is, or would be, on a network file system.
    """
    mount = mount_of_file(file)
    if mount is not None and mount.over_a_network:
        raise StoreError(
            f"{file}: is on a network file system ({mount.kind}, mounted on {mount.point}); SQLite would lose or"
            " damage data there: its write-ahead log needs memory that all its processes share, on one machine",
            remedy="Name a file on a disk of this machine: --database /var/lib/linkwatch/linkwatch.db",
        )


def _parsed(line: str) -> Mount | None:
    fields, _, rest = line.partition(" - ")
    try:
        point, (kind, source, options) = fields.split(" ")[4], rest.split(" ", 2)
    except (IndexError, ValueError):
        return None
    return Mount(Path(_plain(point)), kind, _plain(source), options)


def _plain(field: str) -> str:
    """White space is written as octal numbers after a backslash."""
    return re.sub(r"\\([0-7]{3})", lambda number: chr(int(number[1], 8)), field)
