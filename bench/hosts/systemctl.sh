#!/bin/sh
# Answers what systemctl answers about a unit that runs and starts at boot, on hosts without systemd.
verb= properties= units=
for word; do
  case $word in
    --property=*) properties=${word#--property=} ;;
    -*) ;;
    *) if [ -z "$verb" ]; then verb=$word; else units="$units $word"; fi ;;
  esac
done
state() {
  cat <<END
Type=simple
Restart=on-failure
NRestarts=0
MainPID=57
Result=success
ExecMainCode=0
ExecMainStatus=0
Id=$1.service
Names=$1.service
Description=$1
LoadState=loaded
ActiveState=active
SubState=running
FragmentPath=/lib/systemd/system/$1.service
DropInPaths=
UnitFileState=enabled
UnitFilePreset=enabled
ActiveEnterTimestamp=Fri 2026-01-02 03:04:05 UTC
InactiveEnterTimestamp=
CanReload=yes
NeedDaemonReload=no
END
}
case $verb in
  is-enabled) echo enabled ;;
  is-active) echo active ;;
  show)
    between=
    for unit in ${units:-manager}; do
      printf %s "$between"
      between='
'
      if [ "$unit" = manager ]; then echo Version=252
      elif [ -z "$properties" ]; then state "${unit%.service}"
      else state "${unit%.service}" | grep -E "^($(echo "$properties" | tr , '|'))="
      fi
    done ;;
  *) echo "this host has no systemd: systemctl $verb is not answered" >&2; exit 1 ;;
esac
