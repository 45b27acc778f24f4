console.log(JSON.stringify({ level: 30, time: 1, msg: 'starting' }));
const error = new TypeError('stock is not a number');
console.log(JSON.stringify({ level: 50, time: 2, err: { type: error.name, message: error.message, stack: 'TypeError: stock is not a number\n    at push (/app/push.js:3:9)' }, msg: 'push failed' }));
process.exit(1);
