import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readAction } from '../../emulator/runner.ts';
import { outcomes, tolerableOutcomes } from '../../src/outcomes.ts';
import { METRICS, OPERATORS } from '../../src/rules/metrics.ts';

// The lists of docs/contract.md are those of the code: what is added to one is added to the other.

const contract = readFileSync(resolve(import.meta.dirname, '../../docs/contract.md'), 'utf8');
const action = readAction();

/** The text from this heading to the next one of its kind. */
function section(title: string): string {
  const [, text] = contract.split(new RegExp(`^## ${title}\r?\n`, 'm'));
  return text?.split(/^## /m)[0] ?? '';
}

/** Everything in backticks, in the order of the text. */
function namesIn(text: string | undefined): string[] {
  return [...(text ?? '').matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
}

/** The cells of a section's table, without its head. */
function rowsOf(title: string): string[][] {
  const rows = section(title)
    .split(/\r?\n/)
    .filter((line) => line.startsWith('|'))
    .map((line) => line.split('|').slice(1, -1));
  return rows.slice(2);
}

/** The first text between these two. */
function between(title: string, start: string, end: string): string | undefined {
  return section(title).split(start)[1]?.split(end)[0];
}

describe('the contract has', () => {
  it('the inputs of action.yml, with their defaults', () => {
    const defaults = rowsOf('Inputs').map(([name, value]) => {
      const [written = ''] = namesIn(value);
      return [namesIn(name)[0], written];
    });
    const declared = Object.entries(action.inputs).map(([name, input]) => [
      name,
      input.default ?? '',
    ]);
    expect(Object.fromEntries(defaults)).toEqual(Object.fromEntries(declared));
  });

  it('the outputs of action.yml', () => {
    const [paragraph = ''] = section('Outputs')
      .trim()
      .split(/\r?\n\r?\n/);
    const listed = namesIn(paragraph).filter((name) => name !== 'true' && name !== 'false');
    expect(listed.sort()).toEqual(Object.keys(action.outputs).sort());
  });

  it('every outcome, in the order of the code', () => {
    expect(
      rowsOf('Outcomes')
        .flatMap(([name]) => namesIn(name))
        .sort(),
    ).toEqual([...outcomes].sort());
    const order = between('Outcomes', 'in this order that any of them has: ', ';');
    expect(namesIn(order)).toEqual(outcomes);
  });

  it('the outcomes that cannot be tolerated', () => {
    const excepted = namesIn(between('Outcomes', 'any of them except ', '.'));
    expect(outcomes.filter((outcome) => !excepted.includes(outcome))).toEqual(tolerableOutcomes);
  });

  it('every metric, with the kind of its values', () => {
    const kindOf = (values: string) =>
      ['percentage', 'duration', 'time'].find((word) => values.includes(word)) ?? 'number';
    const listed = rowsOf('Rules').flatMap(([metrics, values = '']) =>
      namesIn(metrics)
        .filter((name) => name !== 'page_stats')
        .map((name) => [name, kindOf(values)]),
    );
    const names = { count: 'number', share: 'percentage', duration: 'duration', time: 'time' };
    const known = Object.entries(METRICS).map(([name, { kind }]) => [name, names[kind]]);
    expect(Object.fromEntries(listed)).toEqual(Object.fromEntries(known));
  });

  it('the metrics that are read from page_stats', () => {
    const listed = rowsOf('Rules').flatMap(([metrics]) =>
      namesIn(metrics).includes('page_stats') ? namesIn(metrics) : [],
    );
    const known = Object.entries(METRICS).filter(([, row]) => 'ofPageStats' in row);
    expect(listed.filter((name) => name !== 'page_stats').sort()).toEqual(
      known.map(([name]) => name).sort(),
    );
  });

  it('every operator', () => {
    const listed = between('Rules', 'Operators: `', '`')?.split(' ') ?? [];
    expect(listed.sort()).toEqual([...OPERATORS].sort());
  });
});
