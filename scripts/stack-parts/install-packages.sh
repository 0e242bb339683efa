#!/bin/sh
# install-packages.sh <package>…: installs the first of these Debian packages that the release has. Needs root.
# Servers that packages bring are not started: what runs is the stack's alone.
set -eu
exec >&2
export DEBIAN_FRONTEND=noninteractive
export NEEDRESTART_SUSPEND=1 # restarts nothing that was there before
mark="made by scripts/stack while it installs packages"
policy=/usr/sbin/policy-rc.d

if [ ! -e "$policy" ] || grep -qF "$mark" "$policy"; then
  trap 'rm -f "$policy"' EXIT
  trap 'exit 1' HUP INT TERM
  printf '#!/bin/sh\n# %s\nexit 101\n' "$mark" >"$policy"
  chmod 755 "$policy"
else
  answer=0
  "$policy" "$1" start || answer=$?
  if [ "$answer" -ne 101 ]; then
    echo "$policy lets packages start their servers. Install by hand: apt-get install $1"
    exit 1
  fi
fi

install_first() {
  for package; do
    apt-get install -y --no-install-recommends -o DPkg::Lock::Timeout=120 -o Acquire::Retries=2 "$package" && return 0
  done
  return 1
}

install_first "$@" || { apt-get update && install_first "$@"; }
