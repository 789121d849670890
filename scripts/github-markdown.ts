import MarkdownIt from 'markdown-it';

/**
 * Markdown as GitHub reads it, as far as the summary uses it: tables, bare links, the few HTML
 * elements that GitHub allows, and Mermaid.
 */
const reader = new MarkdownIt({
  html: true,
  linkify: true,
  highlight: (code, language) =>
    language === 'mermaid' ? `<pre class="mermaid">${escapeHtml(code)}</pre>` : '',
});

/** The tokens of the Markdown; for tests. */
export function parseMarkdown(markdown: string): ReturnType<typeof reader.parse> {
  return reader.parse(markdown, {});
}

/** The page's HTML. */
export function renderMarkdown(markdown: string): string {
  return reader.render(markdown);
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
