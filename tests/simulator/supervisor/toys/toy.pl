# The careless collector in Perl: toy.py tells what it does.
use strict;
use warnings;
use JSON::PP;
$| = 1;
my $log_dir;

sub entries {
    my ($path) = @_;
    opendir(my $handle, $path) or die "listing";
    my @names = sort grep { $_ ne "." && $_ ne ".." } readdir $handle;
    closedir $handle;
    return @names;
}

sub extension {
    my ($handler, $events) = @_;
    for my $name (entries($events)) {
        open(my $file, "<:raw", "$events/$name") or die "opening";
        my $data = "";
        while (1) {
            my $count = sysread($file, my $part, 65536);
            die "reading" unless defined $count;
            last unless $count;
            $data .= $part;
        }
        close $file or die "closing";
        my $told = decode_json($data);
        unlink "$events/$name" or die "removing";
        my $index = 0;
        for my $one (ref $told eq "ARRAY" ? @$told : ($told)) {
            print encode_json({type => "event", key => [$handler, $name, $index++], eventId => 1, providerId => "toy", file_type => "json",
                parameters => [{name => "Message", value => "" . $one->{Message}}]}), "\n";
        }
    }
}

while (my $line = <STDIN>) {
    my $request = decode_json($line);
    if ($request->{type} eq "hello") { print qq({"type":"hello","protocol":1,"capabilities":{"settings":[]}}\n); }
    elsif ($request->{type} eq "start") { $log_dir = $request->{log_dir}; print qq({"type":"started"}\n); }
    elsif ($request->{type} eq "collect") {
        eval { extension($_, "$log_dir/$_/events") for entries($log_dir); };
        print qq({"type":"done"}\n);
    }
    else { exit 0; }
}
