# A worker that fails in the way that its argument names.
use strict;
use warnings;
use Carp qw(confess croak);
use Socket;

$| = 1;
print "order-sync 3.1 begins\n";
sub export { my ($order, $how) = @_; $how->("order $order was not exported") }
my %ways = (
    'die'        => sub { export(5120, sub { die shift }) },
    'die-line'   => sub { die "order 5120: the shop answered 422: price must not be empty\n" },
    'confess'    => sub { export(5120, sub { confess shift }) },
    'warning'    => sub { my %order; warn "prices are from yesterday"; my $n = 1 + $order{price}; die "price of LA-4 is not a number" },
    'object'     => sub { die bless({ status => 422 }, 'Shop::Error') },
    'open'       => sub { open(my $list, '<', '/app/prices.csv') or die "cannot read the price list: $!" },
    'method'     => sub { my $shop; $shop->post(5120) },
    'module'     => sub { require Shop::Client },
    'end'        => sub { eval 'END { print STDERR "closing 4 connections\n" } 1'; export(5120, sub { die shift }) },
);
$ways{ $ARGV[0] }->();
