import {
  cellsOf,
  HEADINGS,
  percent,
  type ReplayedSet,
  ratio,
  type Summary,
} from './pace-summary.ts';

/** The document with another section on polling: from its heading to the next one. */
export function withPaceSection(document: string, section: string): string {
  const [start, next] = [document.indexOf('## Polling\n'), document.indexOf('\n## Start')];
  if (start < 0 || next < start) throw new Error('docs/performance.md has no section "Polling"');
  return document.slice(0, start) + section + document.slice(next);
}

/** The section "Polling" of docs/performance.md. */
export function describeSets(tuned: ReplayedSet, heldOut: ReplayedSet): string {
  return `## Polling

Generated with \`npm run bench:pace -- --write\`, which replays ${(tuned.all.crawls + heldOut.all.crawls).toLocaleString('en-US')} crawls of ${tuned.kinds.length} kinds in virtual time. *Lag*
is the time from the end of a crawl to the check that detects it. *Within* is the share of crawls with a lag
of up to 2 seconds or 2% of their duration, whichever is larger.

${policyTable(tuned.foreseeable)}

${comparison(tuned)}

### How the next check is chosen

The action estimates the probability that the crawl has already finished at each moment from now on. A crawl
finishes when its speed predicts, with up to 10% of its pages left over, or at any other time. The next check is
due when the expected lag costs more than a request. \`started_at\` and \`updated_at\` give the speed of a crawl
that is under way at the first check.

![One crawl with its checks, and the probability of its end at three of them](pictures/pace.svg)

### Every kind of crawl

The numbers in \`src/wait/poll-interval.ts\` were tuned with these ${tuned.all.crawls} crawls. The *oracle* knows in advance when
each crawl ends, and still checks every 30 seconds, because no wait is longer.

${kindTable(tuned)}

### Crawls that nothing was tuned with

These ${heldOut.all.crawls} crawls have another seed and other limits for every parameter (\`HELD_OUT\` in \`bench/traces.ts\`). They
are used for this table only.

${kindTable(heldOut)}

${comparison(heldOut)}

### How close is this to optimal?

For crawls that report a total and finish, \`auto\` sends ${ratio(tuned.foreseeable.policies.auto.requests, tuned.foreseeable.fewest)} times as many requests as the oracle (${ratio(heldOut.foreseeable.policies.auto.requests, heldOut.foreseeable.fewest)} times
for the crawls that nothing was tuned with). Indexing after the last page and long tails account for most of
the difference, because the API does not report how long they take.
`;
}

function comparison({ foreseeable, others }: ReplayedSet): string {
  const { auto, 'fixed-5': five } = foreseeable.policies;
  const { auto: autoOther, 'fixed-10': ten } = others.policies;
  return `Compared with a fixed interval of 5 seconds, \`auto\` sends ${ratio(auto.requests, five.requests)} times as many requests and has ${ratio(auto.mean_lag_s, five.mean_lag_s)} times
the lag. For ${others.crawls} crawls that report no total or stop early, \`auto\` sends ${ratio(autoOther.requests, ten.requests)} times as many requests as a
fixed interval of 10 seconds, and the lag never exceeds 30 seconds.`;
}

function policyTable({ crawls, policies }: Summary): string {
  const names = {
    auto: '`auto`',
    'fixed-2': 'every 2 s',
    'fixed-5': 'every 5 s',
    'fixed-10': 'every 10 s',
    'fixed-30': 'every 30 s',
  };
  const rows = Object.entries(policies).map(([policy, cost]) => [
    names[policy as keyof typeof names],
    cost.requests.toLocaleString('en-US'),
    `${cost.mean_lag_s.toFixed(2)} s`,
    `${cost.p95_lag_s.toFixed(1)} s`,
    percent(cost.within),
  ]);
  return `${crawls} crawls that report a total and finish:

${markdownTable([['Polling', 'Requests', 'Mean lag', '95th percentile', 'Within'], ...rows])}`;
}

function kindTable({ kinds, groups }: ReplayedSet): string {
  const sums = groups.map((group) => cellsOf(group).map((cell) => `**${cell}**`));
  return markdownTable([HEADINGS, ...kinds.map(cellsOf), ...sums]);
}

function markdownTable([heading = [], ...rows]: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const ruler = heading.map((_, column) => (column === 0 ? '---' : '---:'));
  return [heading, ruler, ...rows].map(line).join('\n');
}
