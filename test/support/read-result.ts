import { expect } from 'vitest';
import { resultJson } from '../../src/report/result-json.ts';
import type { Result } from '../../src/report/result-schema.ts';
import { checkResult } from './result-schema.ts';

/** Reads it, and holds it to its size and to one line. */
export function read(report: Parameters<typeof resultJson>[0]): Result {
  const json = resultJson(report);
  expect(Buffer.byteLength(json)).toBeLessThanOrEqual(64 * 1024);
  expect(json).not.toMatch(/[\r\n]/);
  checkResult(json);
  return JSON.parse(json);
}
