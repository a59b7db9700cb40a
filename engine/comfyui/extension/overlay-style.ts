/** How the overlay looks: in the colours of ComfyUI's own theme, whichever that is. */

export const OVERLAY_STYLE = `
:host {
  position: fixed; right: 0; bottom: 56px; z-index: 1050; pointer-events: none; display: block;
  color-scheme: light dark;
  --ground: var(--comfy-menu-bg, Canvas); --ink: var(--fg-color, CanvasText); --line: var(--border-color, #8886);
  --field: var(--comfy-input-bg, Field); --good: #3fa34d; --bad: var(--error-text, #d9362b); --busy: #e8802a;
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
.stack {
  display: flex; flex-direction: column; gap: 8px; width: 332px; max-width: 100vw; max-height: calc(100vh - 120px); padding: 16px;
  overflow-y: auto; font: 13px/1.4 system-ui, sans-serif; color: var(--ink);
}
.card {
  pointer-events: auto; flex: none; background: var(--ground); border: 1px solid var(--line); border-left: 3px solid var(--tone, var(--line));
  border-radius: 8px; padding: 10px 12px; box-shadow: 0 4px 16px #0004; transition: opacity 0.4s, transform 0.2s; overflow-wrap: anywhere;
}
.card[data-tone='busy'] { --tone: var(--busy); }
.card[data-tone='good'] { --tone: var(--good); }
.card[data-tone='bad'] { --tone: var(--bad); }
.card.leaving { opacity: 0; }
header { display: flex; align-items: baseline; gap: 8px; }
h2 { font-size: 13px; font-weight: 600; margin: 0; flex: 1; }
p { margin: 4px 0 0; }
.quiet { opacity: 0.82; font-size: 12px; }
.elapsed { font-variant-numeric: tabular-nums; }
button, a.button {
  font: inherit; color: inherit; background: var(--field); border: 1px solid var(--line); border-radius: 6px; padding: 3px 10px; cursor: pointer;
  text-decoration: none; display: inline-block;
}
button:hover, a.button:hover { border-color: currentColor; }
button:disabled { opacity: 0.5; cursor: default; }
button.primary { border-color: var(--busy); }
button.close { border: 0; background: none; padding: 0 4px; font-size: 15px; line-height: 1; }
:is(button, a, input):focus-visible { outline: 2px solid var(--busy); outline-offset: 2px; }
.actions { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; margin-top: 8px; }
.actions :is(button, a) { white-space: nowrap; }
.actions:empty, .details:empty, .results:empty { display: none; }
.spring { flex: 1; }
progress { appearance: none; width: 100%; height: 4px; margin-top: 8px; display: block; border: 0; border-radius: 2px; overflow: hidden; background: var(--line); }
progress::-webkit-progress-bar { background: var(--line); }
progress::-webkit-progress-value { background: var(--busy); transition: width 0.3s; }
progress::-moz-progress-bar { background: var(--busy); }
progress:indeterminate::-moz-progress-bar { background: none; }
progress:indeterminate { background: linear-gradient(90deg, #0000, var(--busy), #0000) -50% 0 / 50% 100% no-repeat; animation: passing 1.6s linear infinite; }
progress:indeterminate::-webkit-progress-bar { background: none; }
@keyframes passing { to { background-position: 150% 0; } }
.results { display: grid; grid-template-columns: repeat(auto-fill, minmax(84px, 1fr)); gap: 6px; margin-top: 8px; }
.results a { display: block; color: inherit; border: 1px solid var(--line); border-radius: 6px; overflow: hidden; font-size: 12px; }
.results a.file { padding: 6px; }
.results img { display: block; width: 100%; aspect-ratio: 1; object-fit: cover; }
.results a:only-child img { aspect-ratio: auto; max-height: 220px; object-fit: contain; }
fieldset { border: 0; padding: 0; margin: 6px 0 0; display: grid; gap: 6px; }
label.option { display: grid; grid-template-columns: auto 1fr; gap: 0 8px; align-items: baseline; cursor: pointer; }
label.option:has(:disabled) { opacity: 0.6; cursor: default; }
label.option .quiet { grid-column: 2; }
input[type='radio'] { accent-color: var(--busy); margin: 0; }
.badge {
  position: fixed; left: 50%; bottom: 12px; transform: translateX(-50%); pointer-events: auto; display: flex; align-items: center; gap: 7px; max-width: calc(100vw - 24px);
  background: var(--ground); border: 1px solid var(--line); border-radius: 999px; padding: 2px 10px; font: 12px/1.5 system-ui, sans-serif; color: var(--ink); text-decoration: none;
}
.badge .text { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; font-variant-numeric: tabular-nums; }
.badge:hover { border-color: currentColor; }
.mark { flex: none; width: 8px; height: 8px; border-radius: 50%; border: 1.5px solid var(--tone, currentColor); }
.badge[data-mark='waking'] { --tone: var(--busy); }
.badge[data-mark='waking'] .mark { background: linear-gradient(90deg, var(--tone) 50%, #0000 50%); }
.badge[data-mark='ready'] { --tone: var(--good); }
.badge[data-mark='ready'] .mark { background: var(--tone); }
.badge[data-mark='lent'] .mark { border-radius: 2px; }
.badge[data-mark='trouble'] { --tone: var(--bad); }
.badge[data-mark='trouble'] .mark { border-radius: 0; background: var(--tone); transform: rotate(45deg); }
.spoken { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
/* Where the page's own bar reaches the middle: above it, and below the cards. */
@media (max-width: 900px) {
  :host { bottom: 100px; }
  .badge { left: 52px; bottom: 84px; transform: none; max-width: calc(100vw - 64px); }
}
@media (prefers-reduced-motion: reduce) {
  .card { transition: none; }
  progress:indeterminate { animation: none; background: var(--busy); opacity: 0.5; }
}
`;
