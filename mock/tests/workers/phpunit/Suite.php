<?php
// What both test files contain.
abstract class Suite extends PHPUnit\Framework\TestCase
{
    use UsesHeymarketMock;

    private const EMAIL = ['channel_type' => 'email', 'channel_id' => 'same@example.com'];
    protected const NAME = '', OTHER = '';

    private static function create(string $contact): int
    {
        exec("heymarket channel create $contact --type email --id same@example.com 2>&1", $lines, $code);
        return $code;
    }

    private static function meet(): void
    {
        file_put_contents('new.' . static::NAME, getmypid() . ' ' . getenv('HEYMARKET_MOCK_URL'));
        rename('new.' . static::NAME, 'met.' . static::NAME);
        for ($end = hrtime(true) + 100e9; !file_exists('met.' . static::OTHER); clearstatcache(), usleep(20000)) {
            self::assertLessThan($end, hrtime(true), 'the other process did not come');
        }
    }

    public function testSeesItsOwnRequestsOnly(): void
    {
        $this->assertSame(0, self::create($_ENV['HEYMARKET_CONTACT_ID']));
        self::meet();
        $this->verify(self::EMAIL, ['exactly' => 1]);
        try {
            $this->verify(self::EMAIL, ['exactly' => 2]);
            $said = 'verified';
        } catch (PHPUnit\Framework\AssertionFailedError $error) {
            $said = $error->getMessage();
        }
        $this->assertStringContainsString('expected exactly 2', $said);
    }

    public function testBeginsWithAMockThatWasReset(): void
    {
        $this->verify([], ['exactly' => 0]);
    }

    public function testExpectsARefusal(): void
    {
        $this->expectRefusal(['status' => 404]);
        $this->assertNotSame(0, self::create('0b0d7000-0000-4000-8000-000000000000'));
    }

    public function testExpectsWhatDoesNotCome(): void
    {
        if (getenv('EXPECT_TOO_MUCH') === false) {
            $this->markTestSkipped('fails');
        }
        $this->expectRefusal(['status' => 404]);
    }
}
