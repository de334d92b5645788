# Shared steps of ci/demo, ci/test, ci/lint: packages, civetweb, configuring and building.
# Source it after `set -eu`. All paths are absolute, so that a job can run from any directory.

HM_SOURCE=$(cd "$(dirname "${hm_called:-$0}")/.." && pwd) # hm_called: for scripts in a folder of ci
HM_BUILD=${HM_BUILD:-$HM_SOURCE/build}
HM_JOB=$(basename "$0")

say() { printf '%s: %s\n' "$HM_JOB" "$*" >&2; }
die() { say "$*"; exit 2; }

# Packages for building, and additional ones for the tests.
hm_build_packages='gcc libc6-dev make patch xz-utils ca-certificates pkg-config cmake ninja-build
  libssl-dev libcurl4-openssl-dev libjansson-dev libcmocka-dev libhiredis-dev libsqlite3-dev uthash-dev'
hm_test_packages='curl openssl iproute2 python3 python3-jsonschema python3-pytest python3-pytest-xdist procps redis-tools'
hm_page_packages='chromium chromium-driver python3-selenium'
hm_lint_packages='clang clang-format clang-tidy cppcheck shellcheck python3'

is_debian() { [ -r /etc/debian_version ] && command -v apt-get >/dev/null && command -v dpkg-query >/dev/null; }

# missing PACKAGE...: prints those that are not installed, one per line.
missing() {
  # shellcheck disable=SC2016  # the dollars are dpkg's
  dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null |
    awk '$1 == "installed" { print $2 }' | sort -u > "$HM_BUILD/.installed"
  printf '%s\n' "$@" | sort -u | comm -23 - "$HM_BUILD/.installed"
}

# elsewhere: the names of these packages on other systems. They were never tried there.
elsewhere() {
  case $(uname) in
    Darwin) say 'on macOS with Homebrew: brew install cmake ninja pkg-config openssl@3 curl jansson cmocka uthash xz' \
      '(never tried; if OpenSSL is not found: export OPENSSL_ROOT_DIR="$(brew --prefix openssl@3)")' ;;
    FreeBSD) say 'on FreeBSD: pkg install cmake ninja pkgconf curl jansson cmocka uthash bash python3 (never tried)' ;;
    Linux)
      if command -v dnf >/dev/null; then
        say 'with dnf: dnf install gcc make patch xz pkgconf cmake ninja-build openssl-devel libcurl-devel jansson-devel libcmocka-devel' \
          'uthash-devel (never tried)'
      elif command -v apk >/dev/null; then
        say 'with apk: apk add build-base linux-headers patch xz pkgconf cmake samurai openssl-dev curl-dev jansson-dev cmocka-dev uthash-dev' \
          '(never tried; the code compiles with the headers of musl)'
      elif command -v pacman >/dev/null; then
        say 'with pacman: pacman -S base-devel cmake ninja openssl curl jansson cmocka uthash (never tried)'
      fi ;;
    *) say 'other systems need a C17 compiler, make, patch, xz, pkg-config, CMake 3.22, Ninja, OpenSSL 3.0, libcurl 7.85, jansson 2.13,' \
      'cmocka 1.1.5 and uthash, with their headers' ;;
  esac
  [ -n "${HM_CIVETWEB_PREFIX:-}" ] || command -v apt-get >/dev/null ||
    say 'civetweb comes from Debian: run "ci/debian-get DIR trixie civetweb" on a Debian system, copy DIR here and set HM_CIVETWEB_SOURCE=DIR'
}

# need_packages PACKAGE...: installs missing packages; without root it prints their names and continues.
need_packages() {
  mkdir -p "$HM_BUILD"
  if ! is_debian; then
    say "not a Debian system, so no packages are installed; on Debian this needs: $*"
    elsewhere
    return 0
  fi
  absent=$(missing "$@" | tr '\n' ' ')
  [ -n "$absent" ] || return 0
  if [ "$(id -u)" != 0 ]; then
    say "not root, so these missing packages are not installed: $absent"
    say "to install them: apt-get install $absent"
    return 0
  fi
  say "installing: $absent"
  # shellcheck disable=SC2086  # words
  { apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends $absent; } \
    >"$HM_BUILD/apt.log" 2>&1 || { tail -n 20 "$HM_BUILD/apt.log" >&2; die 'apt-get failed'; }
}

# processors: how many there are. The second name is that of FreeBSD.
processors() { getconf _NPROCESSORS_ONLN 2>/dev/null || getconf NPROCESSORS_ONLN 2>/dev/null || echo 2; }

# have_redis_server: puts it on PATH. redis-tools has its program under another name; the package redis-server would also start a service.
have_redis_server() {
  if ! command -v redis-server >/dev/null && command -v redis-check-rdb >/dev/null; then
    mkdir -p "$HM_BUILD/tools"
    ln -sf "$(command -v redis-check-rdb)" "$HM_BUILD/tools/redis-server"
    PATH=$HM_BUILD/tools:$PATH
  fi
}

# need_tools TOOL...: exits if one of the tools is missing.
need_tools() {
  for tool in "$@"; do
    command -v "$tool" >/dev/null || die "$tool is missing; the packages that bring everything: $hm_build_packages"
  done
}

hm_programs='heymarket_mock heymarket_cli heymarket_conformance'
hm_asan_options=detect_stack_use_after_return=1:strict_string_checks=1

# configure NAME: prepares build/NAME with ci/cache/NAME.cmake.
configure() {
  name=$1
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
}

# configure_and_build NAME [TARGET...]: prints the log only if it fails.
configure_and_build() {
  configure "$1"
  shift
  ninja -C "$dir" "$@" >"$dir/build.log" 2>&1 || { tail -n 60 "$dir/build.log" >&2; die 'the build failed'; }
}

# Builds civetweb with the same sanitizer, because our patches to it process network input. Sanitizers need larger stacks
# than the 256 KiB of its workers.
civetweb_flags() {
  stack='-UUSE_STACK_SIZE -DUSE_STACK_SIZE=1048576'
  case $1 in
    asan) echo "$stack -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all" ;;
    tsan) echo "$stack -fno-omit-frame-pointer -fsanitize=thread" ;;
    fuzz) echo "$stack" ;;
    package) echo '-g0' ;;
    *) echo '' ;;
  esac
}
