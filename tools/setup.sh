#!/bin/sh
# Make .venv with the locked packages and the project itself. Called by `make setup`.
set -eu
cd "$(dirname "$0")/.."

suits() { "$1" -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; }

python=""
for candidate in ${PYTHON:-} python3 python3.13 python3.12 python3.11; do
  if suits "$candidate"; then python=$candidate; break; fi
done
if [ -z "$python" ]; then
  found=$(python3 --version 2>/dev/null || echo "no python3 at all")
  echo "This project needs Python 3.11, 3.12 or 3.13 with venv; I found $found." >&2
  echo "Install one (Debian and Ubuntu: apt install python3 python3-venv) or name it: make setup PYTHON=/path/to/python3.12" >&2
  exit 1
fi

echo "Setting up .venv with $("$python" --version) (2 to 4 minutes the first time)"
rm -f .venv/ready
[ -x .venv/bin/python ] && suits .venv/bin/python || "$python" -m venv --clear .venv
# The lock is closed (tests/setup shows it), so nothing is resolved: a pip that resolves can want a newer version than
# the locked one, and then refuses it for want of a hash.
.venv/bin/python -m pip install -qq --disable-pip-version-check --require-hashes --no-deps --no-compile -r requirements.lock
# Hash mode refuses local packages, so the project itself comes second, from what is already here.
.venv/bin/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation --no-compile --editable .
.venv/bin/python -m pip check --disable-pip-version-check >/dev/null
# Without bytecode every import of the scientific stack costs two to three times as much.
env -u PYTHONDONTWRITEBYTECODE .venv/bin/python -m compileall -q -j 0 .venv/lib >/dev/null 2>&1 || true
touch .venv/ready
