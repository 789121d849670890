// See ../README.md.
export function getExecOutput() {
  throw new Error('this bundle starts no processes');
}
