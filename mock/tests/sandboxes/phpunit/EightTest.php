<?php
// One of eight tests at once (NUMBER), each with a sandbox. 3 has a fault, 5 another time; each sees exactly its own requests.
require __DIR__ . '/HeymarketMock.php';

final class EightTest extends PHPUnit\Framework\TestCase
{
    use UsesHeymarketSandbox;

    private static function create(string $name): bool
    {
        exec('heymarket channel create ' . getenv('HEYMARKET_CONTACT_ID') . " --type email --id $name 2>&1", $lines, $code);
        return $code === 0;
    }

    /** Waits until all eight are here. */
    private static function meet(int $number, string $said): void
    {
        file_put_contents("new.$number", $said);
        rename("new.$number", "met.$number");
        for ($end = hrtime(true) + 100e9; count(glob('met.*')) < 8; usleep(20000)) {
            self::assertLessThan($end, hrtime(true), 'the others did not come');
        }
    }

    public function testSeesItsOwnRequestsOnly(): void
    {
        if (getenv('EXPECT_TOO_MUCH') !== false) {
            $this->markTestSkipped('passed');
        }
        $number = (int) getenv('NUMBER');
        [$count, $name] = [1 + $number % 3, "$number@example.com"];
        if ($number === 3) {
            HeymarketMock::call('PUT', 'faults', ['faults' => [['status' => 429, 'times' => 1]]]);
        }
        if ($number === 5) {
            HeymarketMock::call('PUT', 'clock', ['now' => 1713225600]);
            $this->expectRefusal(['finding' => 'iat-in-future'], $count);
        }
        for ($i = 0; $i < $count; $i++) {
            $this->assertSame($number !== 5, self::create($name));
        }
        self::meet($number, getenv('HEYMARKET_MOCK_CONTROL_URL'));
        $this->verify([], ['exactly' => $count + (int) ($number === 3)]);
        $this->verify(['status' => $number === 5 ? 401 : 200], ['exactly' => $count]);
        $this->verify(['channel_id' => $name], ['exactly' => $number === 5 ? 0 : $count + (int) ($number === 3)]);
    }

    public function testExpectsWhatDoesNotCome(): void
    {
        if (getenv('EXPECT_TOO_MUCH') === false) {
            $this->markTestSkipped('fails');
        }
        $this->expectRefusal(['status' => 404]);
    }
}
