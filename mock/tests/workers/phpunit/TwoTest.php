<?php
final class TwoTest extends Suite
{
    protected const NAME = 'two', OTHER = 'one';
}
