/**
 * Ends the process at once.
 *
 * A DNS lookup cannot be canceled, and Node waits for it even in `process.exit`, as long as the
 * system takes to give up: ten seconds and more. A process that is replaced waits for nothing.
 */
export function exitNow(code: number): void {
  if (process.getActiveResourcesInfo().includes('GetAddrInfoReqWrap')) {
    if (process.platform !== 'win32') {
      replace(code);
    } else if (code !== 0) {
      // Windows has no way to replace a process, but ends one that is killed with the code 1.
      process.kill(process.pid, 'SIGKILL');
    }
  }
  process.exit(code);
}

function replace(code: number): void {
  try {
    process.execve?.(process.execPath, [process.execPath, '-e', `process.exit(${code})`], {});
  } catch {
    // Not allowed here: then the end has to wait.
  }
}
