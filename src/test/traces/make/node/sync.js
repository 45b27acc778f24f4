// A worker that fails in the way that its argument names.
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { Worker } from 'node:worker_threads';

class ShopError extends Error {
  name = 'ShopError';
}

function post(order) {
  const error = new Error(`connect ECONNREFUSED 127.0.0.1:9`);
  Object.assign(error, { errno: -111, code: 'ECONNREFUSED', syscall: 'connect', address: '127.0.0.1', port: 9 });
  throw error;
}

function exportOrder(order) {
  try {
    post(order);
  } catch (cause) {
    throw new ShopError(`order ${order} was not exported`, { cause });
  }
}

/** The same failure, told by a logger, with a line before and a line after. */
function tell(log, fail) {
  log.info({ order: 5120 }, 'exporting');
  try {
    exportOrder(5120);
  } catch (error) {
    fail(error);
  }
  log.info({ connections: 4 }, 'closing');
  process.exitCode = 1;
}

const ways = {
  chain: () => exportOrder(5120),
  atExit: () => {
    process.on('exit', (code) => console.log(`about to exit with ${code}`));
    exportOrder(5120);
  },
  properties: () => post(5120),
  aggregate: () => Promise.any([1, 2].map(async (order) => exportOrder(order))),
  aggregateOwn: () => {
    throw new AggregateError([new Error('sku LA-4: no price'), new ShopError('sku LA-5: no stock')], '2 of 12 products were not pushed');
  },
  refused: () => request({ host: 'localhost', port: 9 }).end(),
  fetch: () => fetch('http://127.0.0.1:9/orders'),
  abort: () => fetch('http://127.0.0.1:8/orders', { signal: AbortSignal.abort() }),
  lowerCase: () => {
    const error = new Error('duplicate key value violates unique constraint "product_sku_key"');
    error.name = 'error';
    throw Object.assign(error, { length: 211, severity: 'ERROR', code: '23505', detail: 'Key (sku)=(LA-4) already exists.', file: 'nbtinsert.c', line: '664' });
  },
  pg: async () => new (await import('pg')).default.Client({ host: '127.0.0.1', port: 9 }).connect(),
  string: () => {
    throw 'the shop said no';
  },
  object: () => Promise.reject({ status: 422, body: { price: ['must not be empty'] } }),
  nothing: () => Promise.reject(),
  noStack: () => {
    Error.stackTraceLimit = 0;
    exportOrder(5120);
  },
  lines: () => {
    throw new ShopError(`POST /orders: 422\n${JSON.stringify({ errors: [{ field: 'price', text: 'must not be empty' }] }, null, 2)}`);
  },
  json: () => JSON.parse(readFileSync('/app/answer.html', 'utf8')),
  syntax: () => import('/app/broken.mjs'),
  module: () => import('shop-client'),
  assert: async () => (await import('node:assert')).default.deepStrictEqual({ price: 12 }, { price: 13 }),
  worker: () => new Worker("throw new RangeError('quantity out of range')", { eval: true }),
  emitter: async () => new (await import('node:events')).EventEmitter().emit('error', new ShopError('stream of orders was closed')),
  timeout: () => new Promise(() => {}),
  consoleError: () => {
    console.log('exporting order 5120');
    try {
      exportOrder(5120);
    } catch (error) {
      console.error('the export failed:', error);
    }
    console.log('closing 4 connections');
    process.exit(1);
  },
  errorLine: () => {
    console.error('error: order 5120: the shop answered 422: price must not be empty');
    console.log('Done in 0.31s.');
    process.exit(1);
  },
  exitCode: () => {
    console.log('pushed 0 of 12 products');
    process.exit(3);
  },
  axios: async () => {
    const { default: axios } = await import('axios');
    await axios.post('http://127.0.0.1:9/orders', { order: 5120 });
  },
  zod: async () => {
    const { z } = await import('zod');
    z.object({ number: z.number(), email: z.string() }).parse({ number: 'x12' });
  },
  pino: async () => {
    const log = (await import('pino')).default({ name: 'sync' });
    tell(log, (err) => log.error({ err, order: 5120 }, 'the export failed'));
  },
  pinoLabels: async () => {
    const log = (await import('pino')).default({ formatters: { level: (level) => ({ level }) }, errorKey: 'error', messageKey: 'message' });
    tell(log, (error) => log.fatal(error));
  },
  bunyan: async () => {
    const { default: bunyan } = await import('bunyan');
    const log = bunyan.createLogger({ name: 'sync', serializers: bunyan.stdSerializers });
    tell(log, (err) => log.error({ err }, 'the export failed'));
  },
  winstonJson: async () => {
    const { createLogger, format, transports } = await import('winston');
    const log = createLogger({ format: format.combine(format.errors({ stack: true }), format.timestamp(), format.json()), transports: [new transports.Console()] });
    tell({ info: (fields, text) => log.info(text, fields) }, (error) => log.error(error));
  },
  winstonText: async () => {
    const { createLogger, format, transports } = await import('winston');
    const text = format.printf(({ level, message, timestamp, stack }) => `${timestamp} ${level}: ${stack ?? message}`);
    const log = createLogger({ format: format.combine(format.colorize(), format.errors({ stack: true }), format.timestamp(), text), transports: [new transports.Console()] });
    tell({ info: (fields, text) => log.info(text, fields) }, (error) => log.error(error));
  },
  log4js: async () => {
    const { default: log4js } = await import('log4js');
    log4js.configure({ appenders: { out: { type: 'stdout', layout: { type: 'basic' } } }, categories: { default: { appenders: ['out'], level: 'info' } } });
    const log = log4js.getLogger('sync');
    tell({ info: (fields, text) => log.info(text) }, (error) => log.error('the export failed', error));
  },
  commander: async () => {
    const { program } = await import('commander');
    program.name('sync').requiredOption('--order <number>', 'the order to export').showHelpAfterError();
    program.parse(['node', 'sync']);
  },
  heap: () => {
    const rows = [];
    for (;;) rows.push(new Array(100_000).fill({}));
  },
  recursion: () => (function price(level) { return price(level + 1) + 1; })(0),
  deprecated: () => {
    new Buffer(4);
    process.emitWarning('the field `vat` goes away', 'DeprecationWarning', 'SHOP0001');
    return new Promise((_, reject) => setTimeout(() => reject(new ShopError('order 5120 is locked by another clerk')), 50));
  },
};

console.log('order-sync 3.1 begins');
await ways[process.argv[2]]();
