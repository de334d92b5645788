# shellcheck shell=sh
# Bare Debian roots for ci/package --check and ci/container/check. Source it after ci/lib.sh. All processes and mounts of a
# command end with it.

# new_root DIR SUITE: Debian's smallest installation.
new_root() {
  # shellcheck disable=SC2016  # the dollars are apt's
  mirror=$(apt-get indextargets --format '$(LABEL)|$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' |
           awk -F'|' '$1 == "Debian" { print $2; exit }')
  debootstrap --variant=minbase "$2" "$1" "$mirror" >"$1.log" 2>&1 || { tail -n 20 "$1.log" >&2; die "debootstrap $2"; }
  # A mirror's copy of sid may be older than its Release file allows. Its signature is checked.
  echo 'Acquire::Check-Valid-Until "false";' >"$1/etc/apt/apt.conf.d/99old-mirror"
}

# in_root DIR COMMAND...: as root. as_nobody DIR COMMAND...: as an ordinary user, with a clean environment.
in_root() {
  dir=$1; shift
  unshare --mount --pid --fork --mount-proc="$dir/proc" chroot "$dir" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive LC_ALL=C "$@"
}
as_nobody() {
  dir=$1; shift
  unshare --mount --pid --fork --mount-proc="$dir/proc" chroot --userspec=nobody:nogroup "$dir" env -i PATH=/usr/bin:/bin HOME=/nonexistent LC_ALL=C "$@"
}

# files_of DIR: all files, without what apt and dpkg keep for themselves.
files_of() {
  (cd "$1" && find . \( -path ./proc -o -path ./sys -o -path ./dev -o -path ./tmp -o -path ./var/cache -o -path ./var/log -o -path ./var/lib/apt \
    -o -path './var/lib/dpkg/*-old' -o -path ./var/lib/dpkg/lock\* \) -prune -o -print) | sort
}
