package Delta;
use strict;
our $VERSION = "0.07_01"; # trial
1;
