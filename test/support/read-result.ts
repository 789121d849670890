import { expect } from 'vitest';
import { resultJson } from '../../src/report/result-json.ts';

/** The output `result` as a workflow reads it. */
export interface Read {
  outcome: string;
  message?: string;
  requests: number;
  waited_seconds: number;
  crawls: {
    datasource_id: string;
    job_id: string | null;
    outcome: string;
    message?: string;
    job?: Record<string, unknown> | null;
    rules?: { rule: string; level: string; holds: boolean; actual: string }[];
    timeline?: unknown[];
  }[];
}

/** Reads it, and holds it to its size and to one line. */
export function read(report: Parameters<typeof resultJson>[0]): Read {
  const json = resultJson(report);
  expect(Buffer.byteLength(json)).toBeLessThanOrEqual(64 * 1024);
  expect(json).not.toMatch(/[\r\n]/);
  return JSON.parse(json);
}
