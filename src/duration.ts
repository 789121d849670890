const UNITS = [
  { unit: 'd', ms: 86_400_000 },
  { unit: 'h', ms: 3_600_000 },
  { unit: 'm', ms: 60_000 },
  { unit: 's', ms: 1_000 },
  { unit: 'ms', ms: 1 },
] as const;

const DURATION = new RegExp(
  `^${UNITS.map(({ unit }) => `(?:(\\d+(?:\\.\\d+)?)${unit})?`).join('')}$`,
);

/**
 * Reads a duration such as `90s`, `1h30m` or `1.5h` (contract, section Inputs).
 *
 * @returns whole milliseconds, or `undefined` when the text is no duration
 */
export function parseDuration(text: string): number | undefined {
  const match = text === '' ? null : DURATION.exec(text);
  if (match === null) return undefined;
  const total = UNITS.reduce((sum, { ms }, index) => sum + Number(match[index + 1] ?? 0) * ms, 0);
  return Number.isFinite(total) ? Math.round(total) : undefined;
}

/** Writes milliseconds so that `parseDuration` reads the same number back: `1h30m`, `1s500ms`. */
export function formatDuration(milliseconds: number): string {
  let rest = Math.round(Math.abs(milliseconds));
  let text = '';
  for (const { unit, ms } of UNITS) {
    const count = Math.floor(rest / ms);
    rest -= count * ms;
    if (count > 0) text += `${count}${unit}`;
  }
  return (milliseconds < 0 && text !== '' ? '-' : '') + (text || '0s');
}

/** A duration as a person says it: the two largest units that matter, `2h5m`, `1m33s`, `4s`. */
export function roughDuration(milliseconds: number): string {
  const size = Math.abs(milliseconds);
  const grain = size >= 86_400_000 ? 3_600_000 : size >= 3_600_000 ? 60_000 : 1_000;
  if (size > 0 && size < 1_000) return `${Math.round(milliseconds)}ms`;
  return formatDuration(Math.round(milliseconds / grain) * grain);
}

/** Milliseconds as seconds, to a tenth. */
export function toSeconds(milliseconds: number): number {
  return Math.round(milliseconds / 100) / 10;
}
