/**
 * `npm run publish-as -- acme/opencx-crawl-gate`: puts the name of the real repository into every file
 * that names it. See RELEASING.md.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The name as it is now. The script replaces this one too, so that it can run again. */
const CURRENT = 'owner/opencx-crawl-gate';

const root = resolve(import.meta.dirname, '..');
const [name = ''] = process.argv.slice(2);

if (!/^[A-Za-z0-9][A-Za-z0-9-]{0,38}\/[\w.-]{1,100}$/.test(name)) {
  console.error('Pass the repository as OWNER/NAME: npm run publish-as -- acme/opencx-crawl-gate');
  process.exit(1);
}

const files = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' });
const changed = files.split('\0').filter((file) => file !== '' && rename(join(root, file)));
console.log(`${CURRENT} is ${name} now, in ${changed.length} files.`);
console.log('Run "npm run ci", review "git diff", and commit. RELEASING.md has the next steps.');

/** Whether the file named the repository. Bytes that are not UTF-8 stay as they are. */
function rename(file: string): boolean {
  const text = readFileSync(file, 'latin1');
  if (!text.includes(CURRENT)) return false;
  writeFileSync(file, text.replaceAll(CURRENT, name), 'latin1');
  return true;
}
