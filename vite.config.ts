// The pages. Served at / by the lab's server and by the desktop program's own scheme alike, hence the absolute base.
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';

const page = (name: string) => fileURLToPath(new URL(`renderer/${name}`, import.meta.url));

/** Nothing is painted before the style sheet is here: it comes with the page, and not as one more of the files that are asked for at once. */
const styleInside: Plugin = {
  name: 'style-inside',
  transformIndexHtml: {
    order: 'post',
    handler: (html, { bundle }) => html.replace(/<link rel="stylesheet"[^>]*href="\/([^"]+)">/, (link, file: string) => {
      const sheet = bundle?.[file];
      return sheet?.type === 'asset' ? `<style>${String(sheet.source)}</style>` : link;
    }),
  },
};

export default defineConfig({
  plugins: [styleInside],
  root: fileURLToPath(new URL('renderer', import.meta.url)),
  base: '/',
  build: {
    outDir: fileURLToPath(new URL('dist/renderer', import.meta.url)),
    emptyOutDir: true,
    // The floor: Electron 25.
    target: 'chrome114',
    sourcemap: true,
    // What a replica window loads once, before compression; Yjs and the strategies are most of it.
    chunkSizeWarningLimit: 700,
    // Nothing inline: the content security policy allows no script from a data: address.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { input: [page('index.html'), page('replica.html')] },
  },
});
