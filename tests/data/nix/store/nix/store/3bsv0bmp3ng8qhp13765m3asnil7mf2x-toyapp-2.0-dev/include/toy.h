/nix/store/spvwlkbb5zrg8pwpri30x0kxrj8a8z4d-toyapp-2.0
