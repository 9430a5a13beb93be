let mk = name: script: deps: derivation { inherit name; system = builtins.currentSystem; builder = "/bin/sh"; args = [ "-c" script ]; inherit deps; }; in rec {
 lib = mk "toylib-1.2.3" "/bin/mkdir -p $out/lib; echo lib > $out/lib/libtoy.so" [];
 app = derivation { name = "toyapp-2.0"; system = builtins.currentSystem; builder = "/bin/sh"; outputs = [ "out" "dev" ]; args = [ "-c" "/bin/mkdir -p $out/bin $dev/include; echo ${lib} > $out/bin/toyapp; echo $out > $dev/include/toy.h" ]; };
}
