#!/bin/bash
set -Eeo pipefail
a=(1 2 [5]="x y"); a+=(z); declare -A m=( [k]=v ["a b"]=c )
echo "${1:0:1}" ${!name} "${name//a/b}" ${x^^} ${x@Q} "${!m[@]}" ${#a[@]} ${!pre*}
[[ "$x" =~ ^(a|b)[0-9]+$ && ( -f $y || ! $z == @(a|b)* ) && $a < $b ]] && (( i++ > 3 ))
for ((i=0;i<3;i++)); do echo $((i+1)) $[2*3]; done
cat <<EOT >&2
hello $x `date` "q"
EOT
cat <<-'E2'
	tabs $x
	E2
diff <(ls) >(cat); { a; b; } 2>&1 | tee log |& cat
case "$1" in (a|b) x;; *) y ;& z) q ;;& esac
f() { return; }; function g { exec "$@"; } 2>/dev/null
exec {fd}>/tmp/x 3<&- ; coproc C { cat; } ; time -p ! ls & wait
select i; do break; done; x=$'a\n\x41\u00e9' y=1 cmd $"loc"
while read -r l; do :; done < <(find . -name '*.sh' | sort -V)
echo "$(cat <<X
in $(echo ")")
X
)"
