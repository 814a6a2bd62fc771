#!/usr/bin/perl
# A collector of extension telemetry in Perl, with nothing but what Debian's perl brings: the core level of the contract, without agent events and notices.
# docs/any-language.md walks through it. simulate conform --level core --collector 'cmd:perl docs/examples/collector.pl'
use strict;
use warnings;
use Encode qw(decode);
use Fcntl qw(:mode O_RDONLY O_NOFOLLOW O_NONBLOCK);
use JSON::PP;
use POSIX qw(floor);
use Time::HiRes qw(lstat sleep time);

my ($JSON, $ASCII) = (JSON::PP->new->utf8->max_depth(500), JSON::PP->new->ascii);
my $NOT_XML = qr/[\x00-\x08\x0b\x0c\x0e-\x1f\x{d800}-\x{dfff}\x{fffe}\x{ffff}]/;    # what XML cannot carry
my ($QUOTA, $PERIOD, $LARGEST, $LONGEST, $TRIES, $DELAY) = (360, 300, 4_194_304, 262_144, 3, 1);
my @FIELDS = qw(eventlevel eventpid eventtid message operationid taskname timestamp version);
my @PARAMETERS = qw(GAVersion ContainerId OpcodeName EventTid EventPid TaskName OSVersion ExecutionMode RAM Processors KeywordName TenantName RoleName
    RoleInstanceName Location SubscriptionId ResourceGroupName VMId ImageOrigin EventName CapabilityUsed Context1 Context2 Context3);
my ($log_dir, $script, $handed, $pauses);    # where the extensions are; the sender's script of this pass, and how many events it was handed; whether to pause
$| = 1;                             # an event counts as confirmed once its line is written

# --- the protocol: one JSON object a line, each way ---
sub answer { print $ASCII->encode({@_}), "\n" }
my %on = (
    hello => sub {
        answer(type => 'hello', protocol => 1, capabilities => { protocol => 1, quota => $QUOTA, settings => [qw(quota period retry_delay)],
            delivery => ['at-most-once'], integer_pids => JSON::PP::true, redaction => JSON::PP::true, pause => JSON::PP::true, sender => [qw(down stop)] });
    },
    start => sub {
        ($log_dir, my $settings, $pauses) = @{ $_[0] }{qw(log_dir settings pause)};
        utf8::encode($log_dir);
        ($QUOTA, $PERIOD, $DELAY) = ($settings->{quota} // $QUOTA, $settings->{period} // $PERIOD, $settings->{retry_delay} // $DELAY);
        answer(type => 'started');
    },
    collect => sub {
        ($script, $handed) = ($_[0]{sender}, 0);
        eval { pass(); 1 } or $@ eq "stopped\n" or print STDERR "the pass ended early: $@";
        answer(type => 'done');
    },
    stop => sub { exit 0 },
);

sub pause {    # after each event, and in place of a wait: what the kit hears no calls of stands still until it says `go`
    return $_[0] && sleep $_[0] if !$pauses;
    answer(type => 'pause', seconds => $_[0]);
    <STDIN> // exit 1;
}

# --- one pass: every HANDLER/events, in it the newest names first, then what is no event file and old. What may be half written is tried again at the end ---
sub pass {
    die "stopped\n" if $script->{down};
    opendir my $top, $log_dir or return print STDERR "cannot list the extensions: $!\n";
    my @torn;
    for my $handler (grep { !/^[.]{1,2}\z|^-/ } readdir $top) {
        my $dir = "$log_dir/$handler/events";
        next if grep { !S_ISDIR((lstat $_)[2] // 0) } "$log_dir/$handler", $dir;    # nothing, or a link to somewhere
        opendir my $events, $dir or next;
        my @names = readdir $events;
        my $room = $QUOTA;
        file($handler, $dir, $_, \$room) or push @torn, [$handler, $dir, $_, \$room] for sort { $b cmp $a } grep { /^[0-9]+[.]json\z/i } @names;
        for my $name (grep { !/^[0-9]+[.]json\z/i } @names) {
            my @status = lstat "$dir/$name" or next;
            unlink "$dir/$name" if !S_ISDIR($status[2]) && time - $status[9] > $PERIOD;
        }
    }
    for my $try (2 .. $TRIES) {
        pause($DELAY) if @torn;
        @torn = grep { !file(@$_, $try == $TRIES) } @torn;
    }
}

sub file {    # reads it if there is room, removes it, and only then hands over: no event comes twice. False: it is no JSON, and may be one day
    my ($handler, $dir, $name, $room, $is_last) = @_;
    my @status = lstat "$dir/$name" or return 1;
    my $sound = $$room > 0 && S_ISREG($status[2]) && $status[3] == 1 && $status[7] <= $LARGEST;
    my $elements = $sound ? elements(slurp("$dir/$name")) : [];
    return 0 if !$elements && !$is_last;
    my @events = grep { $_->[1] } map { [$_->[0], event($_->[1])] } @{ $elements // [] };
    my $modified = $sound ? modified("$dir/$name", $status[9]) : '';
    unlink "$dir/$name" or return 1;
    splice @events, $$room if @events > $$room;
    $$room -= @events;
    hand_over($handler, $name, @$_, $modified) for @events;
    return 1;
}

sub slurp {    # never through a link, never waiting for a FIFO
    sysopen my $file, $_[0], O_RDONLY | O_NOFOLLOW | O_NONBLOCK or return '';
    local $/;
    return scalar(<$file>) // '';
}

sub modified {    # UTC to the nearest microsecond. Time::HiRes takes times before 1970 for huge, and is too coarse for those beyond 2096: then stat(1) is asked
    my ($path, $time) = @_;
    my ($second, $micros) = (floor($time), floor(($time - floor($time)) * 1e6 + 0.5));
    if ($time >= 4e9) {
        open my $stat, '-|', 'stat', '-c', '%Y %y', $path or die;
        ($second, $micros) = ($1, floor(($2 + 500) / 1000)) if <$stat> =~ /^(-?[0-9]+) .*[.]([0-9]{9})/;
    }
    ($second, $micros) = ($second + 1, 0) if $micros == 1e6;
    return '9999-12-31T23:59:59.999999Z' if $second > 253_402_300_799;
    my @at = gmtime $second;
    return sprintf '%04d-%02d-%02dT%02d:%02d:%02d.%06dZ', $at[5] + 1900, $at[4] + 1, @at[3, 2, 1, 0], $micros;
}

# --- JSON: [index, element] of each element of a file that is JSON as a whole, else undef. A hash forgets the order of keys, so each is numbered; a string is
# marked by s, an integer by i, for a scalar would not tell them apart ---
sub elements {
    my ($text, $number) = ($_[0], 0);
    return if !utf8::decode($text) || $text =~ /[\x{d800}-\x{dfff}]|[^\x{0}-\x{10ffff}]/;
    $text =~ s{"((?:[^"\\]++|\\.)*+)"([ \t\r\n]*:)?|(-?[0-9][0-9.eE+-]*+)(?![ \t\r\n]*:)|NaN|-?Infinity}{
        my ($string, $colon, $digits) = ($1, $2, $3 // 'null');
        # Half of a pair of surrogates is no character.
        $string =~ s{(\\u[dD][89abAB]..\\u[dD][c-fC-F]..|\\[^u])|\\u[dD][89a-fA-F]..}{$1 // '\ufffd'}gse if defined $string;
        defined $colon ? sprintf '"%07d%s"%s', $number++, $string, $colon : defined $string ? qq("s$string")
            : $digits =~ /^-?(?:0|[1-9][0-9]*)\z/ ? qq("i$digits") : $digits
    }ges;
    utf8::encode($text);
    my $whole;
    eval { $whole = JSON::PP->new->utf8->max_depth(500)->allow_nonref->decode($text); 1 } or return;
    my @found = ref $whole eq 'ARRAY' ? @$whole : ($whole);
    return [map { [$_, $found[$_]] } grep { ref $found[$_] eq 'HASH' && (length $text < $LONGEST || length $JSON->encode($found[$_]) < $LONGEST) } 0 .. $#found];
}

# --- one event: types, strip, redact, cut, sizes; undef for one that is dropped ---
sub event {
    my ($element) = @_;
    my %given = map { (substr($_, 7) =~ tr/A-Z/a-z/r, $element->{$_}) } sort keys %$element;    # of two spellings the later wins
    my ($size, %text) = 0;
    for my $name (@FIELDS) {
        my ($type, $value) = ref $given{$name} ? () : ($given{$name} // '') =~ /^([si])(.*)\z/s or return;
        return if !defined $type || $type eq 'i' && $name !~ /^event[pt]id\z/;
        $value = '0' if $type eq 'i' && $value eq '-0';
        $value =~ s/^[\s\x1c-\x1f]+|[\s\x1c-\x1f]+\z//gu;
        $value =~ s{(https://\S*?[?])(?:sv|st|se|sr|sp|sip|spr|sig)=\S*}{$1<redacted>}gi;
        $value = substr $value, 0, 3072 if $name eq 'message';
        $size += length $value;
        $text{$name} = $value =~ s/$NOT_XML/\x{fffd}/gr;
    }
    return $text{message} eq '' || $size > 6144 ? undef : \%text;
}

sub hand_over {    # dies when the sender stops
    my ($handler, $file, $index, $event, $modified) = @_;
    $handler = decode('UTF-8', $handler, sub { join '', map { chr(0xdc00 + $_) } @_ });    # bytes that are no UTF-8: lone surrogates
    my @key = (key => [$handler, $file, $index]);
    if (++$handed == ($script->{stop_at} // 0)) { answer(type => 'refused', why => 'stop', @key); die "stopped\n" }
    my %value = (RAM => 0, Processors => 0, ImageOrigin => 0, OpcodeName => $modified, EventName => "$handler-$event->{version}" =~ s/$NOT_XML/\x{fffd}/gr);
    @value{qw(CapabilityUsed EventPid EventTid Context1 Context3 TaskName Context2)} = @$event{@FIELDS[0 .. 6]};
    answer(type => 'event', @key, eventId => 7, providerId => 'FFF0196F-EE4C-4EAF-9AA5-776F622DEB4F', file_type => 'json',
        parameters => [map { { name => $_, value => $value{$_} // '' } } @PARAMETERS]);
    pause(0);
}

while (my $line = <STDIN>) {
    my $request = $JSON->decode($line);
    ($on{ $request->{type} } // sub { answer(type => 'error', text => "unknown request $request->{type}"); exit 1 })->($request);
}
