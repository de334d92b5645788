<?php // All six operations with one of PHP's two ways to send HTTP:  php.php curl|streams
$way = $argv[1];
$base = getenv('HEYMARKET_API_BASE_URL') ?: 'https://api.heymarket.com';
$id = getenv('HEYMARKET_API_SECRET_ID');
$key = getenv('HEYMARKET_API_SECRET_KEY');

function wrong(string $what): never { fwrite(STDERR, "$what\n"); exit(1); }
function b64url(string $data): string { return rtrim(strtr(base64_encode($data), '+/', '-_'), '='); }

$signed = b64url(json_encode(['alg' => 'HS256', 'typ' => 'JWT'])) . '.' . b64url(json_encode(['iss' => $id, 'iat' => time()]));
$authorization = "Authorization: Bearer $signed." . b64url(hash_hmac('sha256', $signed, "$id||$key", true));

function with_curl(string $method, string $url, array $headers, ?string $body): array
{
    $curl = curl_init($url);
    curl_setopt_array($curl, [CURLOPT_CUSTOMREQUEST => $method, CURLOPT_HTTPHEADER => $headers, CURLOPT_RETURNTRANSFER => true]);
    if ($body !== null) curl_setopt($curl, CURLOPT_POSTFIELDS, $body);
    $answer = curl_exec($curl);
    if ($answer === false) wrong("$method $url: " . curl_error($curl));
    return [curl_getinfo($curl, CURLINFO_RESPONSE_CODE), $answer];
}

function with_streams(string $method, string $url, array $headers, ?string $body): array
{
    $context = ['method' => $method, 'header' => $headers, 'ignore_errors' => true, 'content' => $body ?? ''];
    $answer = file_get_contents($url, false, stream_context_create(['http' => $context]));
    if ($answer === false) wrong("$method $url: no answer");
    return [(int) explode(' ', $http_response_header[0])[1], $answer];
}

function call(string $method, string $path, ?array $value = null): mixed
{
    global $way, $base, $authorization;
    $headers = $value ? [$authorization, 'Content-Type: application/json'] : [$authorization];
    [$status, $answer] = "with_$way"($method, $base . $path, $headers, $value ? json_encode($value) : null);
    if ($status < 200 || $status > 299) wrong("$method $path was answered with $status: $answer");
    return json_decode($answer, true, 64, JSON_THROW_ON_ERROR);
}

function emails(array $channels): array
{
    return array_column(array_filter($channels, fn ($entry) => $entry['channel_type'] === 'email'), 'channel_id');
}

$channel = '/v2/contact/' . getenv('HEYMARKET_CONTACT_ID') . '/channel';
[$first, $second] = ["php-$way@example.com", "php-$way.new@example.com"];
$created = call('POST', $channel, ['channel_type' => 'email', 'channel_id' => $first]);
in_array($first, emails($created), true) || wrong('the created channel is not in ' . json_encode($created));
$got = call('GET', "$channel/email");
in_array($got, $created, true) && $got['channel_id'] === $first || wrong('not the created channel: ' . json_encode($got));
call('GET', "{$channel}s") === $created || wrong('the list differs from what create answered');
$updated = emails(call('PUT', $channel, ['channel_type' => 'email', 'channel_id' => $second]));
in_array($second, $updated, true) && !in_array($first, $updated, true) || wrong('not the new value: ' . json_encode($updated));
call('DELETE', "$channel/email");
$inboxes = call('GET', '/v1/inboxes');
$inboxes && is_int($inboxes[0]['id']) && $inboxes[0]['name'] || wrong('no inboxes: ' . json_encode($inboxes));
