export function price(text) {
  return Number(text;
}
