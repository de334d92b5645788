# Shared steps of ci/demo, ci/test, ci/lint: packages, civetweb, configuring and building.
# Sourced with `set -eu` in force; every path is absolute, so a job runs from anywhere.

HM_SOURCE=$(cd "$(dirname "$0")/.." && pwd)
HM_BUILD=${HM_BUILD:-$HM_SOURCE/build}
HM_JOB=$(basename "$0")

say() { printf '%s: %s\n' "$HM_JOB" "$*" >&2; }
die() { say "$*"; exit 2; }

# What the programs are built from, and what the tests run besides.
hm_build_packages='gcc libc6-dev make patch xz-utils ca-certificates pkg-config cmake ninja-build
  libssl-dev libcurl4-openssl-dev libjansson-dev libcmocka-dev uthash-dev'
hm_test_packages='curl openssl python3 python3-jsonschema procps'
hm_lint_packages='clang clang-format clang-tidy cppcheck shellcheck'

is_debian() { [ -r /etc/debian_version ] && command -v apt-get >/dev/null && command -v dpkg-query >/dev/null; }

# missing PACKAGE...: those that are not installed, one a line.
missing() {
  # shellcheck disable=SC2016  # the dollars are dpkg's
  dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null |
    awk '$1 == "installed" { print $2 }' | sort -u > "$HM_BUILD/.installed"
  printf '%s\n' "$@" | sort -u | comm -23 - "$HM_BUILD/.installed"
}

# need_packages PACKAGE...: installs what is missing, or says what it is and goes on.
need_packages() {
  mkdir -p "$HM_BUILD"
  if ! is_debian; then
    say "not a Debian system: going on with what is here; on Debian this needs: $*"
    return 0
  fi
  absent=$(missing "$@" | tr '\n' ' ')
  [ -n "$absent" ] || return 0
  if [ "$(id -u)" != 0 ]; then
    say "not root: going on without these packages, which are missing: $absent"
    say "to install them: apt-get install $absent"
    return 0
  fi
  say "installing: $absent"
  # shellcheck disable=SC2086  # words
  { apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends $absent; } \
    >"$HM_BUILD/apt.log" 2>&1 || { tail -n 20 "$HM_BUILD/apt.log" >&2; die 'apt-get failed'; }
}

# need_tools TOOL...: without them nothing can be built.
need_tools() {
  for tool in "$@"; do
    command -v "$tool" >/dev/null || die "$tool is missing; the packages that bring everything: $hm_build_packages"
  done
}

# configure_and_build NAME [TARGET...]: build/NAME from ci/cache/NAME.cmake; says little unless it fails.
configure_and_build() {
  name=$1; shift
  dir=$HM_BUILD/$name
  prefix=${HM_CIVETWEB_PREFIX:-$HM_BUILD/civetweb/$name}
  need_tools cmake ninja pkg-config
  mkdir -p "$dir"
  if [ -z "${HM_CIVETWEB_PREFIX:-}" ]; then
    CFLAGS=$(civetweb_flags "$name") "$HM_SOURCE/ci/fetch-civetweb" "$prefix" || die 'civetweb cannot be built (see above)'
  fi
  if [ ! -f "$dir/build.ninja" ]; then
    cmake -S "$HM_SOURCE" -B "$dir" -G Ninja -C "$HM_SOURCE/ci/cache/$name.cmake" \
      -DHM_CIVETWEB_PREFIX="$prefix" >"$dir/configure.log" 2>&1 ||
      { cat "$dir/configure.log" >&2; rm -f "$dir/build.ninja"; die 'cmake failed'; }
  fi
  ninja -C "$dir" "$@" >"$dir/build.log" 2>&1 || { tail -n 60 "$dir/build.log" >&2; die 'the build failed'; }
}

# civetweb under the same sanitizer: our fixes of it are C that strangers talk to. Sanitizers need larger stacks than the
# 256 KiB of its workers.
civetweb_flags() {
  stack='-UUSE_STACK_SIZE -DUSE_STACK_SIZE=1048576'
  case $1 in
    asan) echo "$stack -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all" ;;
    tsan) echo "$stack -fno-omit-frame-pointer -fsanitize=thread" ;;
    fuzz) echo "$stack" ;;
    *) echo '' ;;
  esac
}
