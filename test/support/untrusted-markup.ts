import { renderMarkdown } from '../../scripts/github-markdown.ts';

/** What `untrustedMarkup` finds as text; all other hostile markup is an element. */
const WORDS = /@octocat|evil\.example|#12\b/g;
const OURS =
  /^<(?:h2|h3|p|strong|em|br|pre|ul|li|table|thead|tbody|tr|th|td|details|summary)\b|^<a href="https:\/\/(?:platform\.open\.cx|github\.com\/owner\/opencx-crawl-gate#inputs)">/;

/** All HTML that our own reports do not write, and all mentions and addresses outside of code. */
export function untrustedMarkup(markdown: string): string[] {
  const html = renderMarkdown(markdown)
    .replace(/<pre class="mermaid">[\s\S]*?<\/pre>/g, '')
    .replace(/<code[^>]*>[\s\S]*?<\/code>/g, '');
  const elements = [...html.matchAll(/<(\w+)[^>]*>/g)].map(([element]) => element);
  const left = elements.filter((element) => !OURS.test(element));
  return [...left, ...(html.replace(/<[^>]+>/g, ' ').match(WORDS) ?? [])];
}
