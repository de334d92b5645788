<?php
final class OneTest extends Suite
{
    protected const NAME = 'one', OTHER = 'two';
}
