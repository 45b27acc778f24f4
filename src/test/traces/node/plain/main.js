console.log('reading');
const order = undefined;
order.lines.forEach(console.log);
