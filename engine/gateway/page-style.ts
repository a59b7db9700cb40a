/** The look of the gateway's own pages: 320 px and wide, light and dark, still when the reader wants it still. */
export const PAGE_STYLE = `
:root {
  --ground: #f6f4f1; --card: #ffffff; --edge: #ddd7cf; --text: #1f1b18; --quiet: #655c54;
  --ember: #b8470f; --ember-soft: #f3d9c8; --good: #23703a; --bad: #a8261c; --bad-soft: #fbe9e6;
  --button: #b8470f; --button-text: #ffffff; --code: #f1ede8;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #161311; --card: #1f1b18; --edge: #3a332d; --text: #f1ebe4; --quiet: #b3a79b;
    --ember: #ff9a5c; --ember-soft: #46291a; --good: #7fd49a; --bad: #ff9d92; --bad-soft: #3b1c18;
    --button: #ff9a5c; --button-text: #241208; --code: #14110f;
  }
}
* { box-sizing: border-box; }
html { height: 100%; }
body {
  margin: 0; min-height: 100%; display: grid; place-items: center; padding: 1rem;
  background: var(--ground); color: var(--text);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
}
main {
  width: min(40rem, 100%); padding: clamp(1.25rem, 5vw, 2.5rem);
  background: var(--card); border: 1px solid var(--edge); border-radius: 0.875rem;
}
h1 { margin: 0; font-size: 1.5rem; line-height: 1.25; letter-spacing: -0.01em; overflow-wrap: anywhere; }
p { margin: 0.75rem 0 0; overflow-wrap: anywhere; }
.quiet { color: var(--quiet); }
.small { font-size: 0.875rem; }
[hidden] { display: none !important; }
.heading { display: flex; align-items: center; gap: 0.75rem; }
.ember { flex: none; width: 0.875rem; height: 0.875rem; border-radius: 50%; background: var(--ember); }
.ember.lit { animation: glow 2s ease-in-out infinite; }
.ember.out { background: transparent; border: 2px solid var(--quiet); }
.ember.bad { background: var(--bad); }
@keyframes glow {
  0%, 100% { box-shadow: 0 0 0 0 var(--ember-soft); }
  50% { box-shadow: 0 0 0 0.5rem var(--ember-soft); }
}
ol.phases { list-style: none; margin: 1.5rem 0 0; padding: 0; }
ol.phases li { position: relative; padding: 0.25rem 0 0.25rem 2rem; color: var(--quiet); }
ol.phases li::before {
  content: ""; position: absolute; left: 0.3rem; top: 0.65rem; width: 0.75rem; height: 0.75rem;
  border: 2px solid var(--edge); border-radius: 50%;
}
ol.phases li[data-state="done"] { color: var(--text); }
ol.phases li[data-state="done"]::before {
  content: "\\2713"; border: 0; top: 0.25rem; left: 0.25rem; width: auto; height: auto; color: var(--good); font-weight: 700;
}
ol.phases li[aria-current] { color: var(--text); font-weight: 600; }
ol.phases li[aria-current]::before { border-color: var(--ember); background: var(--ember); }
.detail { display: block; font-weight: 400; font-size: 0.875rem; color: var(--quiet); overflow-wrap: anywhere; }
progress {
  appearance: none; display: block; width: 100%; height: 0.375rem; margin-top: 1.5rem; border: 0;
  border-radius: 0.1875rem; background: var(--ember-soft); overflow: hidden;
}
progress::-webkit-progress-bar { background: var(--ember-soft); }
progress::-webkit-progress-value { background: var(--ember); transition: width 0.3s linear; }
progress::-moz-progress-bar { background: var(--ember); }
.time { display: flex; justify-content: space-between; gap: 1rem; margin-top: 0.5rem; font-variant-numeric: tabular-nums; }
.failure { margin-top: 1.25rem; padding: 0.875rem 1rem; border-left: 4px solid var(--bad); background: var(--bad-soft); border-radius: 0.25rem; }
.failure p:first-child { margin-top: 0; }
pre {
  margin: 0.5rem 0 0; padding: 0.75rem; max-height: 16rem; overflow: auto; white-space: pre-wrap; overflow-wrap: anywhere;
  background: var(--code); border: 1px solid var(--edge); border-radius: 0.375rem;
  font: 0.8125rem/1.5 ui-monospace, SFMono-Regular, Consolas, monospace;
}
h2 { margin: 1.25rem 0 0; font-size: 0.875rem; color: var(--quiet); font-weight: 600; }
code { font: 0.875em ui-monospace, SFMono-Regular, Consolas, monospace; }
.actions { display: flex; flex-wrap: wrap; gap: 0.75rem; align-items: center; margin-top: 1.5rem; }
button, .button, input {
  min-height: 2.75rem; padding: 0.5rem 1rem; border-radius: 0.5rem; border: 1px solid var(--edge);
  font: inherit; background: transparent; color: inherit;
}
button, .button { cursor: pointer; text-decoration: none; display: inline-flex; align-items: center; }
.primary { background: var(--button); border-color: var(--button); color: var(--button-text); font-weight: 600; }
button:disabled { opacity: 0.6; cursor: default; }
input { flex: 1 1 12rem; min-width: 0; }
label { flex: 1 0 100%; font-weight: 600; }
a { color: var(--ember); text-underline-offset: 0.15em; }
:focus-visible { outline: 3px solid var(--ember); outline-offset: 2px; }
@media (prefers-reduced-motion: reduce) {
  .ember.lit { animation: none; box-shadow: 0 0 0 0.3rem var(--ember-soft); }
  progress::-webkit-progress-value { transition: none; }
}
@media (forced-colors: active) {
  .ember { border: 2px solid CanvasText; }
  .failure { border: 1px solid CanvasText; }
}
`;
