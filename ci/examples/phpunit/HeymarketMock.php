<?php
// One heymarket-mock for each process of PHPUnit, also with ParaTest. Copy to tests/; begin your bootstrap file (phpunit.xml:
// bootstrap="tests/bootstrap.php") with
//   require __DIR__ . '/HeymarketMock.php'; HeymarketMock::start();
// and use the trait UsesHeymarketMock in a test class. A test may call
//   $this->verify(['contact' => 'ada', 'channel_type' => 'email'], ['exactly' => 1]);
// For one mock for all processes use the trait UsesHeymarketSandbox instead of start() and UsesHeymarketMock:
//   heymarket-mock run -- vendor/bin/paratest -p 8
// Each test has a world of its own, and the variables are those of its sandbox while it runs.
final class HeymarketMock
{
    private static $process, $stdin;

    // Starts a mock and sets the variables that lead to it. It ends with this process, which alone holds its standard input open.
    public static function start(): void
    {
        if (!shell_exec('command -v heymarket-mock')) {
            throw new RuntimeException('no mock: is heymarket-mock on PATH?');
        }
        $port = tempnam(sys_get_temp_dir(), 'heymarket-');
        $command = ['heymarket-mock', 'serve', '--listen', '0', '--port-file', $port, '--log', 'none', '--until-stdin-ends'];
        try {
            self::$process = proc_open($command, [['pipe', 'r'], 2 => ['file', "$port.log", 'w']], $pipes);
            self::$stdin = $pipes[0];
            for ($end = hrtime(true) + 30e9; filesize($port) === 0; clearstatcache(), usleep(20000)) {
                if (!proc_get_status(self::$process)['running'] || hrtime(true) > $end) {
                    throw new RuntimeException('no mock: ' . file_get_contents("$port.log"));
                }
            }
            $found = json_decode(shell_exec('heymarket-mock env --shell json --port-file ' . escapeshellarg($port)), true);
        } finally {
            array_map('unlink', glob("$port*"));
        }
        self::set($found['env']);
    }

    public static function set(array $variables): void
    {
        foreach ($variables as $name => $value) {
            putenv("$name=$value");
            $_ENV[$name] = $_SERVER[$name] = $value;
        }
    }

    public static function call(string $method, string $path, array $body = []): array
    {
        $context = stream_context_create(['http' => ['method' => $method, 'header' => 'Content-Type: application/json',
            'content' => json_encode((object) $body), 'ignore_errors' => true]]);
        $url = str_contains($path, '://') ? $path : getenv('HEYMARKET_MOCK_CONTROL_URL') . "/$path";
        $said = file_get_contents($url, false, $context);
        $answer = json_decode($said, true);
        if (isset($answer['error'])) {
            PHPUnit\Framework\Assert::fail("heymarket-mock: $said");
        }
        return $answer;
    }
}

trait UsesHeymarketMock
{
    /** @before */
    #[PHPUnit\Framework\Attributes\Before]
    public function resetHeymarket(): void { HeymarketMock::call('POST', 'reset'); }

    // Fails unless as many requests arrived: ['exactly' => 1], ['at_least' => 1], ['at_most' => 1].
    public function verify(array $where, array $count = []): void
    {
        HeymarketMock::call('POST', 'verify', ['where' => (object) $where] + $count);
    }

    // Announces refusals that the test wants; the test fails if they do not come.
    public function expectRefusal(array $where, int $times = 1): void
    {
        HeymarketMock::call('POST', 'expect', ['where' => (object) $where, 'times' => $times]);
    }

    /** @postCondition */
    #[PHPUnit\Framework\Attributes\PostCondition]
    public function checkHeymarket(): void
    {
        $expected = HeymarketMock::call('GET', 'expect')['expectations'];
        $missing = array_values(array_filter($expected, fn ($one) => $one['left'] > 0));
        $this->assertSame([], $missing, 'expected refusals did not come: ' . json_encode($missing));
    }
}

trait UsesHeymarketSandbox
{
    use UsesHeymarketMock;

    private $variables;

    /** @before */
    #[PHPUnit\Framework\Attributes\Before]
    public function resetHeymarket(): void
    {
        $this->variables = array_filter(getenv(), fn ($name) => str_starts_with($name, 'HEYMARKET_'), ARRAY_FILTER_USE_KEY);
        HeymarketMock::set(HeymarketMock::call('POST', (getenv('HEYMARKET_MOCK_URL') ?: 'http://127.0.0.1:8580') . '/_mock/sandboxes')['env']);
    }

    /** @after */
    #[PHPUnit\Framework\Attributes\After]
    public function endHeymarketSandbox(): void
    {
        HeymarketMock::call('DELETE', getenv('HEYMARKET_MOCK_CONTROL_URL'));
        HeymarketMock::set($this->variables);
    }
}
