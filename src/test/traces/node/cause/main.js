class ExportError extends Error {
  constructor(message, options) {
    super(message, options);
    this.name = 'ExportError';
  }
}
function send() {
  const error = new Error('connect ECONNREFUSED 10.0.0.7:443');
  error.code = 'ECONNREFUSED';
  throw error;
}
try {
  send();
} catch (error) {
  throw new ExportError('order 1042 was not exported', { cause: error });
}
