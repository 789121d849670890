import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readAction } from '../../emulator/runner.ts';
import { DEFAULTS, readInputs } from '../../src/inputs.ts';
import { outcomes, tolerableOutcomes } from '../../src/outcomes.ts';
import { ACTIVE } from '../../src/targets.ts';
import { settingsOf } from '../support/input-builders.ts';
import { tell } from '../support/virtual-world.ts';

const root = resolve(import.meta.dirname, '../..');
const action = readAction();

const REQUIRED = {
  token: 'key',
  'datasource-id': '3c90c3cc-0d44-4b50-8888-8dd257360000',
};

describe('action.yml', () => {
  it('starts the bundle with Node 24', () => {
    expect(action.runs).toEqual({ using: 'node24', main: 'dist/index.js' });
    expect(existsSync(join(root, action.runs.main))).toBe(true);
    expect(readFileSync(join(root, '.node-version'), 'utf8').trim()).toMatch(/^24(\.|$)/);
  });

  it('declares the inputs that the source reads, and no other', () => {
    const read: string[] = [];
    readInputs((name) => {
      read.push(name);
      return (REQUIRED as Record<string, string>)[name] ?? action.inputs[name]?.default ?? '';
    });
    // Each once: nothing else asks for an input again.
    expect(read.sort()).toEqual(Object.keys(action.inputs).sort());
  });

  it('declares no input that only the reader of inputs knows', () => {
    const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' });
    const others = files
      .filter((file) => file.endsWith('.ts') && file !== 'inputs.ts')
      .map((file) => readFileSync(join(root, 'src', file), 'utf8'))
      .join('\n');
    for (const setting of Object.keys(settingsOf())) {
      expect(others).toMatch(new RegExp(`\\b${setting}\\b`));
    }
  });

  it('has the defaults that an empty string means', () => {
    const optional = Object.entries(action.inputs)
      .filter(([, { default: value = '' }]) => value !== '' && !value.startsWith('${{'))
      .map(([name, { default: value }]) => [name, value]);
    expect(Object.fromEntries(optional)).toEqual({ ...DEFAULTS, 'job-id': ACTIVE });
  });

  it('declares the outputs that every run writes, and no other', async () => {
    const { outputs } = await tell({ scenarios: ['tiny'] });
    expect(Object.keys(outputs).sort()).toEqual(Object.keys(action.outputs).sort());
  });

  it('describes every input and output in whole sentences', () => {
    for (const [name, { description }] of Object.entries({ ...action.inputs, ...action.outputs })) {
      expect(description, name).toMatch(/^["`A-Z].*\.$/);
    }
  });

  it('names every outcome', () => {
    for (const outcome of outcomes) {
      expect(action.outputs['outcome']?.description).toContain(`\`${outcome}\``);
    }
    expect(tolerableOutcomes).toHaveLength(outcomes.length - 4);
  });
});
