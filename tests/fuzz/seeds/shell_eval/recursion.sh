. /e
f() { f; }; f; while :; do f; done
