async function push() {
  throw new RangeError('quantity out of range');
}
push();
