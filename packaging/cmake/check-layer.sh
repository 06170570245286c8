#!/bin/sh
# check-layer.sh FOLDER "a|b|c" "LIBRARIES": fails when a source file of FOLDER includes a folder of ours other than a, b or c, or the
# headers of Qt, its windows, libpq or libpqxx without linking that library itself: a static library hides what it got by another.
set -eu
cd "$1"
sources=$(ls ./*.h ./*.cpp 2>/dev/null || true)
[ -n "$sources" ] || exit 0
bad=''
# refuse PATTERN WHY: every include of the pattern is one too many.
refuse() {
  # shellcheck disable=SC2086 # our own file names, without spaces
  found=$(grep -nHE "^ *# *include *$1" $sources || true)
  [ -z "$found" ] || bad="$bad$2
$found
"
}
# shellcheck disable=SC2086
found=$(grep -nHE '^ *# *include *"[a-z_]+/' $sources | grep -vE "\"($2)/" || true)
[ -z "$found" ] || bad="includes that the layer of $1 does not allow (it allows $2):
$found
"
links() { case " $3 " in *"$1"*) return 0 ;; *) return 1 ;; esac; }
links Qt6:: - "$3" || refuse '<Q[A-Z]' "includes of Qt in $1, which does not link it:"
links Qt6::Widgets - "$3" || links Qt6::Gui - "$3" ||
  refuse '<Q(Gui|Widget|Window|Painter|Pen|Brush|Color|Font|Icon|Pixmap|Image|Palette|Style|Screen|Application)' "includes of Qt's windows in $1, which links neither Gui nor Widgets:"
links Qt6::Sql - "$3" || refuse '<QSql' "includes of Qt SQL in $1, which does not link it:"
links libpqxx - "$3" || refuse '<pqxx/' "includes of libpqxx in $1, which does not link it:"
links "libpq " - "$3 " || refuse '<libpq' "includes of libpq in $1, which does not link it:"
[ -z "$bad" ] && exit 0
printf '%s' "$bad"
exit 1
