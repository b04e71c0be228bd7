# Finds Python 3.11 or newer and hands over to bootstrap.py; nothing else is decided here.
umask 022
case ${ELEARN_VAR-} in
  '' | /*) ;;
  *) ELEARN_VAR=$PWD/$ELEARN_VAR; export ELEARN_VAR ;;
esac
cd "${0%/*}/.." || exit 1
for python in ${PYTHON-} python3 python3.11 python3.12 python3.13 python3.14 /usr/bin/python3; do
  if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
    exec "$python" -B tools/bootstrap.py "$@"
  fi
done
echo 'elearn needs Python 3.11 or newer. On Debian or Ubuntu: apt-get install python3 python3-venv' >&2
exit 1
