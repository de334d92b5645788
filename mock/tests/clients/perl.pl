# All six operations with one of Perl's HTTP libraries:  perl.pl lwp|lwp-env|tiny
use strict;
use warnings;
use Digest::SHA qw(hmac_sha256);
use JSON::PP;
use MIME::Base64 qw(encode_base64url);

my $library = shift;
my $base = $ENV{HEYMARKET_API_BASE_URL} // 'https://api.heymarket.com';
my ($id, $key, $contact) = @ENV{qw(HEYMARKET_API_SECRET_ID HEYMARKET_API_SECRET_KEY HEYMARKET_CONTACT_ID)};
my $json = JSON::PP->new->utf8->canonical;

my $signed = join '.', map { encode_base64url($json->encode($_)) } { alg => 'HS256', typ => 'JWT' }, { iss => $id, iat => time };
my $authorization = "Bearer $signed." . encode_base64url(hmac_sha256($signed, "$id||$key"));

my $agent;
if ($library eq 'tiny') {
  require HTTP::Tiny;
  $agent = HTTP::Tiny->new(verify_SSL => 1);
} else {
  require LWP::UserAgent;
  $agent = LWP::UserAgent->new(env_proxy => $library eq 'lwp-env');
}

sub call {
  my ($method, $path, $value) = @_;
  my %headers = (Authorization => $authorization, $value ? ('Content-Type' => 'application/json') : ());
  my ($status, $text);
  if ($library eq 'tiny') {
    my $answer = $agent->request($method, $base . $path, { headers => \%headers, $value ? (content => $json->encode($value)) : () });
    ($status, $text) = @$answer{qw(status content)};
  } else {
    my $answer = $agent->request(HTTP::Request->new($method, $base . $path, [%headers], $value && $json->encode($value)));
    ($status, $text) = ($answer->code, $answer->content);
  }
  die "$method $path was answered with $status: $text\n" unless $status =~ /^2/;
  return $json->decode($text);
}

sub emails { return join ' ', map { $_->{channel_id} } grep { $_->{channel_type} eq 'email' } @_ }

my $channel = "/v2/contact/$contact/channel";
my ($first, $second) = ("perl-$library\@example.com", "perl-$library.new\@example.com");
my $created = call('POST', $channel, { channel_type => 'email', channel_id => $first });
die "the created channel is not there\n" unless emails(@$created) =~ /\Q$first/;
my $got = call('GET', "$channel/email");
die "not the created channel\n" unless $got->{channel_id} eq $first && grep { $_->{id} == $got->{id} } @$created;
die "the list differs from what create answered\n" unless $json->encode(call('GET', "${channel}s")) eq $json->encode($created);
my $updated = emails(@{ call('PUT', $channel, { channel_type => 'email', channel_id => $second }) });
die "not the new value: $updated\n" unless $updated =~ /\Q$second/ && $updated !~ /\Q$first/;
$json->allow_nonref; # for "ok"
call('DELETE', "$channel/email");
my $inboxes = call('GET', '/v1/inboxes');
die "no inboxes\n" unless @$inboxes && $inboxes->[0]{id} =~ /^\d+$/ && $inboxes->[0]{name};
