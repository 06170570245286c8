#!/bin/sh
# check-lines.sh FOLDER MOST: fails when the sources of FOLDER have MOST lines of code or more, blank lines and comments not counted.
set -eu
cd "$1"
count=$(cat ./*.h ./*.cpp | grep -cvE '^ *(//.*)?$')
echo "$1 has $count lines of code"
[ "$count" -lt "$2" ]
