"""Where SQLite may lie, by tables of mounts."""

from pathlib import Path

import pytest

from linkwatch.store.filesystem import Mount, find_mount, mount_of_file

FILE = Path("/data/lists/linkwatch.db")


def line(point: str, kind: str, source: str = "somewhere", options: str = "rw") -> str:
    return f"36 35 98:0 /there {point} rw,noatime master:1 - {kind} {source} {options}\n"


ROOT = line("/", "ext4", "/dev/vda1")


def lies(*lines: str, file: Path = FILE) -> Mount:
    mount = find_mount(file, "".join(lines))
    assert mount is not None
    return mount


@pytest.mark.parametrize(
    ("kind", "source", "options"),
    [
        ("nfs", "server:/export", "rw,vers=3"),
        ("nfs4", "server:/export", "rw,vers=4.2"),
        ("cifs", "//server/share", "rw,vers=3.1.1"),
        ("smb3", "//server/share", "rw"),
        ("ceph", "mon:6789:/", "rw"),
        ("lustre", "mgs@tcp:/fs", "rw"),
        ("glusterfs", "server:/volume", "rw"),
        ("afs", "#root.cell.", "rw"),
        ("fuse.sshfs", "me@server:/home/me", "rw,user_id=0"),
        ("fuse.glusterfs", "server:/volume", "rw"),
        ("fuse.rclone", "remote:", "rw"),
        ("fuse", "https://cloud.example/dav", "rw"),
        ("9p", "10.0.0.1", "rw,trans=tcp,port=564"),
        ("9p", "server", "trans=rdma"),
    ],
)
def test_what_other_machines_write_too_is_a_network(kind: str, source: str, options: str) -> None:
    assert lies(ROOT, line("/data", kind, source, options)).over_a_network


@pytest.mark.parametrize(
    ("kind", "source", "options"),
    [
        ("ext4", "/dev/sda1", "rw"),
        ("xfs", "/dev/sda1", "rw"),
        ("btrfs", "/dev/sda1", "rw,subvol=/data"),
        ("zfs", "pool/data", "rw"),
        ("tmpfs", "tmpfs", "rw"),
        ("overlay", "overlay", "rw,lowerdir=/nfs/layers,upperdir=/u,workdir=/w"),
        ("virtiofs", "share", "rw"),
        ("9p", "none", "rw,trans=fd,rfdno=4,wfdno=4"),
        ("9p", "share", "rw,trans=virtio,version=9p2000.L"),
        ("fuseblk", "/dev/sdb1", "rw,user_id=0"),
        ("fuse.fuse-overlayfs", "fuse-overlayfs", "rw"),
        ("fuse.something", "new", "rw"),
        ("fuse", "/dev/fuse", "rw"),
    ],
)
def test_a_disk_of_this_machine_or_what_is_not_known_is_none(kind: str, source: str, options: str) -> None:
    assert not lies(ROOT, line("/data", kind, source, options)).over_a_network


def test_the_deepest_mount_counts_in_whatever_order_they_stand() -> None:
    shared, local = line("/data", "nfs4"), line("/data/lists", "ext4")
    assert lies(local, shared, ROOT).kind == lies(ROOT, shared, local).kind == "ext4"
    assert lies(ROOT, shared, local, file=Path("/data/linkwatch.db")).kind == "nfs4"
    assert lies(ROOT, shared, file=Path("/database/linkwatch.db")).kind == "ext4", "a folder whose name begins alike"


def test_of_two_mounts_at_the_same_place_the_last_one_counts() -> None:
    assert lies(ROOT, line("/data", "autofs"), line("/data", "nfs4")).kind == "nfs4"
    assert lies(ROOT, line("/data", "nfs4"), line("/data", "tmpfs")).kind == "tmpfs"


def test_a_file_that_is_a_mount_of_its_own_is_found() -> None:
    assert lies(ROOT, line(str(FILE), "nfs4")).kind == "nfs4"


def test_white_space_in_a_mount_point_is_read() -> None:
    mount = lies(ROOT, line(r"/my\040lists", "cifs", r"//server/my\040share"), file=Path("/my lists/linkwatch.db"))
    assert (mount.point, mount.kind, mount.source) == (Path("/my lists"), "cifs", "//server/my share")


@pytest.mark.parametrize("table", ["", "nonsense\n", "36 35 98:0 / / rw\n", "- ext4\n"])
def test_of_a_table_that_does_not_tell_nothing_is_claimed(table: str) -> None:
    assert find_mount(FILE, table) is None


def test_this_machine_tells_where_the_tests_lie_and_it_is_no_network(tmp_path: Path) -> None:
    mount = mount_of_file(tmp_path / "linkwatch.db")
    assert mount is None or not mount.over_a_network


def test_a_machine_without_such_a_table_claims_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("linkwatch.store.filesystem.MOUNTS", tmp_path / "mountinfo")
    assert mount_of_file(tmp_path / "linkwatch.db") is None
