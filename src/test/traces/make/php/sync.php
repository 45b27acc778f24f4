<?php
// A worker that fails in the way that its argument names.
foreach (['Monolog', 'GuzzleHttp', 'Symfony/Component/Console'] as $library) {
    @include_once "/usr/share/php/$library/autoload.php";
}

class ShopError extends RuntimeException {}

function post(int $order): void
{
    throw new ShopError("the shop answered 422 for order $order", 422);
}

function export(int $order): void
{
    try {
        post($order);
    } catch (ShopError $e) {
        throw new LogicException("order $order was not exported", 0, $e);
    }
}

function tell(Monolog\Formatter\FormatterInterface $formatter): void
{
    $handler = new Monolog\Handler\StreamHandler('php://stderr');
    $log = new Monolog\Logger('sync', [$handler->setFormatter($formatter)]);
    $log->info('exporting', ['order' => 5120]);
    try {
        export(5120);
    } catch (Throwable $e) {
        $log->error('the export failed', ['exception' => $e]);
    }
    $log->info('closing', ['connections' => 4]);
    exit(1);
}

$ways = [
    'previous' => fn() => export(5120),
    'lines' => fn() => throw new ShopError("POST /orders: 422 Unprocessable Entity\n" . json_encode(['errors' => [['field' => 'price', 'text' => 'must not be empty']]], JSON_PRETTY_PRINT)),
    'empty' => fn() => throw new ShopError(),
    'lower-case' => function () {
        throw new class('stock of LA-4 is locked') extends Exception {};
    },
    'type' => fn() => post('x12'),
    'warning' => function () {
        $order = ['lines' => []];
        echo $order['customer'], "\n";
        $answer = file_get_contents('http://127.0.0.1:9/orders');
        exit(1);
    },
    'warning-then-dies' => function () {
        $answer = file_get_contents('http://127.0.0.1:9/orders');
        echo strlen(json_decode($answer, flags: JSON_THROW_ON_ERROR)->order);
    },
    'shutdown' => function () {
        register_shutdown_function(fn() => print("closing 4 connections\n"));
        export(5120);
    },
    'memory' => function () {
        ini_set('memory_limit', '4M');
        for ($rows = []; ; ) {
            $rows[] = str_repeat('x', 100_000);
        }
    },
    'undefined' => fn() => shop_client(),
    'die' => fn() => die("order 5120: the shop answered 422: price must not be empty\n"),
    'exit' => function () {
        echo "pushed 0 of 12 products\n";
        exit(3);
    },
    'user-error' => fn() => trigger_error('order 5120 is locked by another clerk', E_USER_ERROR),
    'error-log' => function () {
        error_log('order 5120: the shop answered 422: price must not be empty');
        exit(1);
    },
    'to-string' => function () {
        try {
            export(5120);
        } catch (Throwable $e) {
            fwrite(STDERR, "$e\n");
            exit(1);
        }
    },
    'pdo' => fn() => (new PDO('sqlite::memory:'))->query('select * from product'),
    'guzzle' => fn() => (new GuzzleHttp\Client())->post('http://127.0.0.1:9/orders'),
    'guzzle-answer' => function () {
        $answers = new GuzzleHttp\Handler\MockHandler([new GuzzleHttp\Psr7\Response(422, [], '{"errors":[{"field":"price","text":"must not be empty"}]}')]);
        (new GuzzleHttp\Client(['handler' => GuzzleHttp\HandlerStack::create($answers)]))->post('https://shop.example/api/products');
    },
    'monolog-line' => fn() => tell(new Monolog\Formatter\LineFormatter()),
    'monolog-traces' => fn() => tell(new Monolog\Formatter\LineFormatter(null, null, true, true, true)),
    'monolog-json' => fn() => tell(new Monolog\Formatter\JsonFormatter(includeStacktraces: true)),
    'monolog-logstash' => fn() => tell(new Monolog\Formatter\LogstashFormatter('sync', 'sync-7f-1')),
    'symfony' => function () {
        $application = new Symfony\Component\Console\Application('sync', '3.1');
        $application->register('push')->setCode(fn() => export(5120));
        $application->run(new Symfony\Component\Console\Input\ArrayInput(['push']));
    },
    'symfony-verbose' => function () {
        $application = new Symfony\Component\Console\Application('sync', '3.1');
        $application->register('push')->setCode(fn() => export(5120));
        $application->run(new Symfony\Component\Console\Input\ArrayInput(['command' => 'push', '-v' => true]));
    },
    'symfony-unknown' => function () {
        $application = new Symfony\Component\Console\Application('sync', '3.1');
        $application->register('push')->setCode(fn() => 0);
        $application->run(new Symfony\Component\Console\Input\ArrayInput(['command' => 'psuh']));
    },
];
echo "order-sync 3.1 begins\n";
$ways[$argv[1]]();
