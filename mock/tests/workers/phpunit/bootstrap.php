<?php
require __DIR__ . '/HeymarketMock.php';
HeymarketMock::start();
require __DIR__ . '/Suite.php';
