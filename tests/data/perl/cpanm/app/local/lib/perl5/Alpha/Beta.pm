package Alpha::Beta;
our $VERSION = "1.02";
1;
__END__

=head1 NAME

Alpha::Beta - x

=cut
