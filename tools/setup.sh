#!/bin/sh
# Make .venv: the locked packages and the project itself, nothing else. Every verb of the Makefile calls this first; when
# .venv is as it should be, that takes some hundredths of a second. A .venv that is not (half-made, or of another folder,
# Python or lock) is made anew rather than mended: nothing of it can stay behind, and what was fetched is in a cache.
# Variables: PYTHON= names the Python to use; UV= (empty) installs with pip although there is a uv.
set -eu
cd "$(dirname "$0")/.."

OLDEST=11
NEWEST=15
uv=${UV-uv}
command -v "$uv" >/dev/null 2>&1 || uv=""

stop() {
  printf '%s\n' "$*" >&2
  exit 1
}

minor() { "$1" -I -S -c 'import sys; print("3.%d" % sys.version_info[1] if sys.version_info[0] == 3 else "2")' 2>/dev/null || :; }

suits() {
  version=$(minor "$1")
  number=${version#3.}
  [ "$number" != "$version" ] && [ "$number" -ge $OLDEST ] && [ "$number" -le $NEWEST ] || return 1
  # Debian has a Python without venv; uv does not need it.
  [ -n "$uv" ] || "$1" -c 'import venv, ensurepip' 2>/dev/null
}

# What this .venv must be made from; .venv/ready says what it was made from, and is written last.
wanted() { printf '%s\n' "folder $PWD" "python $1" "lock $(cat requirements.lock pyproject.toml tools/setup.sh | cksum)"; }

# Print why .venv must be made; nothing when it is ready.
why() {
  if [ ! -d .venv ]; then echo "there is none yet"
  elif [ ! -s .venv/ready ]; then echo "an earlier set-up did not finish"
  else
    has=$(minor .venv/bin/python)
    made=$(cat .venv/ready)
    if [ "$made" = "$(wanted "$has")" ] && { [ -z "${PYTHON:-}" ] || [ "$(minor "$PYTHON")" = "$has" ]; }; then return; fi
    case $made in
      *"folder $PWD
"*"python $has
"*) [ "$made" = "$(wanted "$has")" ] && echo "you ask for another Python" || echo "the lock has changed since" ;;
      *"folder $PWD
"*) echo "its Python is not there any more, or is another one now" ;;
      *) echo "it was made for another folder" ;;
    esac
  fi
}

find_python() {
  for candidate in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11 python3.15}; do
    if suits "$candidate"; then echo "$candidate"; return; fi
  done
  found=$(${PYTHON:-python3} --version 2>&1) || found="no ${PYTHON:-python3}"
  stop "This project needs Python 3.$OLDEST to 3.$NEWEST with venv; I found $found. Install one (Debian and Ubuntu:" \
    "apt install python3 python3-venv) or name it: make setup PYTHON=/path/to/python3.13"
}

# Run a command; when it fails, clear what is half-made and say in a sentence what to do.
run() {
  if output=$("$@" 2>&1); then return; fi
  rm -rf .venv
  case $output in
    *"No space left on device"* | *"os error 28"* | *"Disk quota exceeded"*)
      stop "The disk is full: make room for 1.5 GB (here and in ${TMPDIR:-/tmp}), then give the same command again." ;;
    *"DO NOT MATCH THE HASHES"* | *"ash mismatch"*)
      printf '%s\n' "$output" | tail -n 8 >&2
      stop "A package that arrived is not the one that is locked: give the same command again; if it stays, something" \
        "between you and the package index changes packages." ;;
    *NewConnectionError* | *"Failed to establish a new connection"* | *"name resolution"* | *"dns error"* | \
      *"error sending request"* | *"Could not connect"* | *"tcp connect error"* | *ConnectTimeout* | *ReadTimeout* | *"timed out"* | \
      *ProxyError* | *"Connection aborted"* | *"(from versions: none)"*)
      stop "The package index cannot be reached: check the network, then give the same command again; what did arrive" \
        "is kept." ;;
  esac
  printf '%s\n' "$output" | tail -n 15 >&2
  stop "Set-up failed at: $*. The lines above say why; when that is put right, give the same command again."
}

with_uv() {
  run "$uv" venv --quiet --python "$1" .venv
  run "$uv" pip install --quiet --python .venv/bin/python --require-hashes --no-deps -r requirements.lock
  run "$uv" pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation --editable .
  run "$uv" pip check --quiet --python .venv/bin/python
}

with_pip() {
  run "$1" -m venv .venv
  pip="-m pip --disable-pip-version-check"
  run .venv/bin/python $pip install -q --require-hashes --no-deps --no-compile -r requirements.lock
  run .venv/bin/python $pip install -q --no-deps --no-build-isolation --no-compile --editable .
  run .venv/bin/python $pip check
}

# One set-up at a time. The lock goes with the processes that hold it (a killed one takes a moment, hence two seconds); without
# flock (macOS) there is none.
alone() {
  command -v flock >/dev/null 2>&1 || return 0
  mkdir -p .cache
  exec 9>.cache/setup.lock
  flock -w 2 9 || stop "Another set-up of this folder is running: wait until it is done, then give the same command again."
}

# A function, so that the shell has read all of it before anything changes this file (git pull, a switch of branch).
main() {
  reason=$(why)
  [ -n "$reason" ] || exit 0
  python=$(find_python)
  alone
  rm -rf .venv
  trap 'echo "Set-up was interrupted: give the same command again, it starts afresh." >&2; exit 130' INT TERM HUP

  # The lock is closed (tests/setup), so nothing is resolved: a resolver could want a newer version than the locked one.
  # The project itself comes second, because hash mode refuses local packages; it is built with what is in the lock.
  if [ -n "$uv" ]; then
    echo "Making .venv ($reason) with $("$python" --version) and uv: about a minute, much less when packages are cached"
    with_uv "$python"
  else
    echo "Making .venv ($reason) with $("$python" --version) and pip: one to four minutes"
    with_pip "$python"
  fi
  # Without bytecode every import of the scientific stack costs two to three times as much.
  env -u PYTHONDONTWRITEBYTECODE .venv/bin/python -m compileall -q -j 0 .venv/lib >/dev/null 2>&1 || :
  run sh -c 'printf "%s\n" "$1" >.venv/ready.new && mv .venv/ready.new .venv/ready' sh "$(wanted "$(minor .venv/bin/python)")"
}

main
exit
