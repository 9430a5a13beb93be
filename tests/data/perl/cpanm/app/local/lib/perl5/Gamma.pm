package Gamma;
our $VERSION = "v2.0.1";
1;
