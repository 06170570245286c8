#!/bin/sh
# check-layer.sh FOLDER "a|b|c": fails when a source file of FOLDER includes a folder of ours other than a, b or c.
set -eu
cd "$1"
bad=$(grep -nE '^ *# *include *"[a-z_]+/' ./*.h ./*.cpp 2>/dev/null | grep -vE "\"($2)/" || true)
[ -z "$bad" ] && exit 0
echo "includes that the layer of $1 does not allow (it allows $2):"
echo "$bad"
exit 1
