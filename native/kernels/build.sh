#!/usr/bin/env bash
# Builds the library of operations, libgraft_kernels.so, for linux-x86_64 with gcc and nothing else.
#
#   build.sh                      builds the binary among the resources
#   build.sh --output FILE        builds it to FILE
#   build.sh --check              builds it aside and compares it with the one among the resources
#   build.sh --reference FILE     builds a library of the plain computations of reference.c
#   build.sh --test               builds and runs the tests in test/
#   build.sh --sanitize KIND      the same with -fsanitize=KIND: address, undefined or thread
#
# The binary depends on the sources and the compiler alone: --check says "skipped" where the
# compiler and linker are not those that are named in built-with.txt beside the binary.
set -euo pipefail
export LC_ALL=C
unset CFLAGS CPPFLAGS LDFLAGS CPATH C_INCLUDE_PATH LIBRARY_PATH GCC_EXEC_PREFIX COMPILER_PATH LD_RUN_PATH

start=$PWD # of the caller, for FILE
cd "$(dirname "${BASH_SOURCE[0]}")"
resources=../src/main/resources/dev/graft/capi/linux-x86_64
binary=$resources/libgraft_kernels.so
built_with=$resources/built-with.txt
max_bytes=1000000

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

common=(-std=c11 -Wall -Wextra -Werror -fno-math-errno -ffp-contract=off -pthread -include glibc.h)

fail() {
  echo "build.sh: $*" >&2
  exit 1
}

compiler() {
  gcc --version | head -n 1
  ld --version | head -n 1
}

# The flags of a source for the processor that it is for: its name says which. PREFETCHW does nothing,
# but is allowed, on 64-bit processors without it.
processor_flags() {
  case $1 in
    *_avx2.c) echo -mavx2 -mfma -mprfchw ;;
    *_avx512.c)
      echo -mavx512f -mavx512bw -mavx512dq -mavx512vl -mavx2 -mfma -mprfchw \
        -mprefer-vector-width=512
      ;;
  esac
}

# Sources in an order that depends on nothing but their names.
kernel_sources() {
  for source in *.c; do
    case $source in
      ops*.c | reference*.c) ;;
      *) echo "$source" ;;
    esac
  done
}

# A library with the names of TensorFlow's functions and nothing in them, to link with.
make_stub() {
  grep -o 'TF_[A-Za-z0-9_]*(' tf_api.h | tr -d '(' | sort -u | sed 's/.*/void &(void) {}/' \
    > "$work/stub.c"
  gcc -shared -nostdlib -fPIC -Wl,-soname,libtensorflow_framework.so.2 \
    -o "$work/libtensorflow_framework.so.2" "$work/stub.c"
}

# Compiles these sources, all at once, to objects in $work of the names that object says.
compile() {
  local flags=() source pids=()
  while [ "$1" != -- ]; do
    flags+=("$1")
    shift
  done
  shift
  for source in "$@"; do
    # shellcheck disable=SC2046
    gcc "${flags[@]}" "${common[@]}" $(processor_flags "$source") \
      -c -o "$work/$(object "$source")" "$source" &
    pids+=($!)
  done
  for pid in "${pids[@]}"; do
    wait "$pid"
  done
}

object() {
  echo "${1//\//_}.o"
}

# The library of these sources.
make_library() {
  local output=$1 source objects=()
  shift
  make_stub
  compile -O3 -fPIC -fvisibility=hidden -fno-ident -fno-stack-protector \
    -march=x86-64 -mtune=generic -- "$@"
  for source in "$@"; do
    objects+=("$(object "$source")")
  done
  (
    cd "$work"
    gcc -shared -nostartfiles -pthread -o library.so "${objects[@]}" ./libtensorflow_framework.so.2 \
      -Wl,-soname,libgraft_kernels.so -Wl,--build-id=none -Wl,--hash-style=gnu -Wl,-z,defs \
      -Wl,-z,now -Wl,-z,relro -Wl,-z,noexecstack -Wl,--as-needed -Wl,--gc-sections -s
  )
  check_library "$work/library.so"
  # A running process keeps the file that it has mapped.
  mkdir -p "$(dirname "$output")"
  cp "$work/library.so" "$output.new"
  mv "$output.new" "$output"
}

# What the library needs of the system must be there with TensorFlow's own needs.
check_library() {
  local bytes needed newest
  bytes=$(wc -c < "$1")
  [ "$bytes" -lt $max_bytes ] || fail "the library has $bytes bytes, not below $max_bytes"
  if ! command -v objdump > /dev/null; then
    return
  fi
  needed=$(objdump -p "$1" | awk '$1 == "NEEDED" { print $2 }' | sort | tr '\n' ' ')
  [ "$needed" = "libc.so.6 libtensorflow_framework.so.2 " ] || fail "the library needs $needed"
  newest=$(objdump -T "$1" | grep -o 'GLIBC_[0-9.]*' | sort -u -V | tail -n 1)
  [ "$(printf '%s\nGLIBC_2.17\n' "$newest" | sort -V | tail -n 1)" = GLIBC_2.17 ] \
    || fail "the library needs $newest, newer than GLIBC_2.17: see glibc.h"
}

library_sources() {
  {
    kernel_sources
    ls ops*.c
  } | sort
}

check() {
  [ -f "$binary" ] || fail "there is no $binary: run build.sh"
  if ! command -v gcc > /dev/null; then
    echo "skipped: needs $(head -n 1 "$built_with")"
    return
  fi
  if [ "$(compiler)" != "$(cat "$built_with")" ]; then
    echo "skipped: needs $(paste -s -d '&' "$built_with" | sed 's/&/ and /')"
    return
  fi
  make_library "$work/again.so" $(library_sources)
  cmp "$work/again.so" "$binary" || fail "$binary is not what the sources give: run build.sh"
  echo "the library among the resources is what the sources give"
}

run_tests() {
  local sources=($(kernel_sources) reference.c test/*.c) source objects=()
  [ -d test ] || fail "there is no test/"
  compile -g -I. "$@" -- "${sources[@]}"
  for source in "${sources[@]}"; do
    objects+=("$work/$(object "$source")")
  done
  gcc "$@" -pthread -o "$work/test_program" "${objects[@]}" -lm
  "$work/test_program"
}

absolute() {
  case $1 in
    /*) echo "$1" ;;
    *) echo "$start/$1" ;;
  esac
}

case ${1-} in
  '')
    make_library "$binary" $(library_sources)
    compiler > "$built_with"
    ;;
  --output) make_library "$(absolute "$2")" $(library_sources) ;;
  --check) check ;;
  --reference)
    make_library "$(absolute "$2")" $(ls ops*.c reference*.c | sort)
    ;;
  --test) run_tests -O2 ;;
  --sanitize)
    case ${2-} in
      address) run_tests -O1 -fno-omit-frame-pointer -fsanitize=address ;;
      undefined) run_tests -O1 -fsanitize=undefined -fno-sanitize-recover=all ;;
      thread) run_tests -O1 -fsanitize=thread ;;
      *) fail "--sanitize address, undefined or thread" ;;
    esac
    ;;
  *) fail "unknown option $1" ;;
esac
