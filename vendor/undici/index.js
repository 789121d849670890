// See ../README.md.
export function fetch() {
  throw new Error('this bundle has no undici: pass request.fetch');
}
