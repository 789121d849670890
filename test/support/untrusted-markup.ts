import { renderMarkdown } from '../../scripts/github-markdown.ts';

/** What `foreignMarkup` looks for as text; anything else hostile is an element. */
const WORDS = /@octocat|evil\.example|#12\b/g;
const OURS =
  /^<(?:h2|h3|p|strong|em|br|pre|ul|li|table|thead|tbody|tr|th|td|details|summary)\b|^<a href="https:\/\/platform\.open\.cx">/;

/** All HTML but what the gate itself writes, and all mentions and addresses outside of code. */
export function foreignMarkup(markdown: string): string[] {
  const html = renderMarkdown(markdown)
    .replace(/<pre class="mermaid">[\s\S]*?<\/pre>/g, '')
    .replace(/<code[^>]*>[\s\S]*?<\/code>/g, '');
  const elements = [...html.matchAll(/<(\w+)[^>]*>/g)].map(([element]) => element);
  const left = elements.filter((element) => !OURS.test(element));
  return [...left, ...(html.replace(/<[^>]+>/g, ' ').match(WORDS) ?? [])];
}
