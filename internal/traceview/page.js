'use strict';
(() => {
const began = performance.now();
const $ = id => document.getElementById(id);
const canvas = $('c'), ctx = canvas.getContext('2d');
const GUTTER = 132, RULER = 26, BAND = 18, BANDS = 7, MAP = 34, MINLANE = 30;

// The groups of kinds, with the colour of each as a name of the style.
const groups = [
  ['messages', 'msg', ['send', 'arrive']], ['lost or held', 'lost', ['drop', 'hold']], ['faults', 'fault', ['fault', 'over', 'quiet']],
  ['links', 'hold', ['cut', 'heal', 'clog', 'release']], ['nodes', 'node', ['boot', 'crash', 'pause', 'resume']], ['log', 'log', ['log', 'output']],
  ['client operations', 'op', ['call', 'return', 'point']], ['properties', 'met', ['met', 'check']], ['failure', 'fail', ['fail']], ['timers', 'timer', ['timer']], ['locks and channels', 'wait', ['wait', 'woken']],
  ['goroutines', 'go', ['go']], ['turns', 'turn', ['turn']], ['draws', 'draw', ['draw']], ['other', 'out', []]];
const other = groups.length - 1; // kinds of a later samerun
const groupOf = {};
groups.forEach((g, i) => g[2].forEach(k => groupOf[k] = i));
const groupOn = groups.map(() => true);

const ns = n => {
  const a = Math.abs(n);
  if (a >= 1e9) return trim((n / 1e9).toFixed(6)) + ' s';
  if (a >= 1e6) return trim((n / 1e6).toFixed(3)) + ' ms';
  if (a >= 1e3) return trim((n / 1e3).toFixed(3)) + ' µs';
  return n + ' ns';
};
const trim = s => s.includes('.') ? s.replace(/\.?0+$/, '') : s;
const count = (n, w) => n.toLocaleString('en') + ' ' + w + (n === 1 ? '' : 's');
const cut = (s, n) => s.length > n ? s.slice(0, n - 1) + '…' : s;
const title = e => {
  let s = e.kind;
  if (e.method) s += ' ' + e.method;
  if (e.reply) s += ' reply';
  if (e.conn && e.nth) s += ' #' + e.conn + '.' + e.nth; else if (e.conn || e.nth) s += ' #' + (e.conn || e.nth);
  if (e.peer) s += ' ' + e.node + ' → ' + e.peer; else if (e.node) s += ' ' + e.node;
  if (e.on) s += ' at ' + e.on;
  if (e.client) s += ' ' + e.client;
  if (e.fate) s += ': ' + e.fate;
  if (/^(turn|go|timer|wait|woken)$/.test(e.kind)) s += ' ' + (e.task || '');
  if (e.took) s += ', ' + ns(e.took);
  if (e.text && (!e.method || /^(wait|woken|check)$/.test(e.kind))) s += '  ' + e.text.trim().split('\n')[0];
  return s;
};

// A pane is one trace with its lanes.
const panes = [...document.querySelectorAll('script.trace')].map((s, i) => {
  const t = JSON.parse(s.textContent);
  s.remove();
  return new Pane(t, i);
});

function Pane(t, number) {
  const p = this, E = t.events, n = E.length;
  p.number = number; p.h = t.header; p.E = E;
  p.lanes = [];
  const nodes = new Map(), tasks = new Map();
  const lane = (name, task) => {
    const of = task ? tasks : nodes;
    let i = of.get(name);
    if (i === undefined) { i = p.lanes.length; of.set(name, i); p.lanes.push({name, task, n: 0, shown: true}); }
    return i;
  };
  t.header.nodes.forEach(name => lane(name, false));
  // A client whose node asks for nothing else has its operations there; others have lanes of their own.
  const clients = new Map(), clientOf = new Map();
  for (const e of E) if (e.kind === 'call') { const s = clientOf.get(e.node) || clientOf.set(e.node, new Set()).get(e.node); s.add(e.client); }
  const clientLane = e => {
    if (e.node && e.node !== 'main' && clientOf.has(e.node) && clientOf.get(e.node).size === 1) return lane(e.node, false);
    let i = clients.get(e.client);
    if (i === undefined) { i = p.lanes.length; clients.set(e.client, i); p.lanes.push({name: e.client || 'clients', task: false, n: 0, shown: true}); }
    return i;
  };
  p.at = new Float64Array(n); p.lane = new Int32Array(n); p.group = new Uint8Array(n); p.shown = new Uint8Array(n).fill(1);
  const end = new Int32Array(n).fill(-1);
  p.spans = []; p.downs = []; p.ops = []; p.waits = []; p.fail = -1;
  const opOf = new Map(), waitOf = new Map(), lastOp = new Map();
  const open = new Map(), off = new Map();
  for (let i = 0; i < n; i++) {
    const e = E[i];
    p.at[i] = e.at; p.group[i] = groupOf[e.kind] ?? other;
    let l = -1;
    if (e.kind === 'call' || e.kind === 'return' || e.kind === 'point') l = clientLane(e);
    else if (e.kind === 'arrive' || e.kind === 'drop' || e.kind === 'hold') l = e.peer ? lane(e.peer, false) : e.node ? lane(e.node, false) : -1;
    else if (e.node) l = lane(e.node, false);
    else if (e.task) l = lane(e.task, true);
    p.lane[i] = l;
    if (l >= 0) p.lanes[l].n++;
    if (e.msg && (e.kind !== 'hold' || end[e.msg - 1] < 0)) end[e.msg - 1] = i;
    if (e.kind === 'call') {
      const o = {i, lane: l, from: e.at, to: t.header.virtual, iTo: n - 1, end: -1, points: [], row: 0}, before = lastOp.get(l);
      if (before && before.end < 0) o.row = 1 - before.row; // that one is not answered, and lasts
      p.ops.push(o); opOf.set(e.n, o); lastOp.set(l, o);
    }
    if (e.kind === 'return' && opOf.has(e.began)) { const o = opOf.get(e.began); o.to = e.at; o.iTo = i; o.end = i; }
    if (e.kind === 'point' && opOf.has(e.began)) opOf.get(e.began).points.push(i);
    if (e.kind === 'wait') { const s = {i, lane: l, from: e.at, to: t.header.virtual, iTo: n - 1}; p.waits.push(s); waitOf.set(e.n, s); }
    if (e.kind === 'woken' && waitOf.has(e.began)) { const s = waitOf.get(e.began); s.to = e.at; s.iTo = i; waitOf.delete(e.began); }
    if (e.kind === 'fail' && p.fail < 0) p.fail = i;
    if (e.kind === 'fault') { const s = {i, from: e.at, to: t.header.virtual, iTo: n - 1, name: (e.text || '').trim().replace(/^\d+(\.\d+)?s\s+/, '')}; p.spans.push(s); open.set(e.element, s); }
    if (e.kind === 'over' && open.has(e.element)) { const s = open.get(e.element); s.to = e.at; s.iTo = i; open.delete(e.element); }
    if ((e.kind === 'crash' || e.kind === 'pause') && l >= 0) { const d = {lane: l, i, from: e.at, to: t.header.virtual, iTo: n - 1, kind: e.kind}; p.downs.push(d); off.set(l, d); }
    if ((e.kind === 'boot' || e.kind === 'resume') && off.has(l)) { const d = off.get(l); d.to = e.at; d.iTo = i; off.delete(l); }
  }
  // Rows of faults that overlap.
  const rows = [];
  p.spans.forEach(s => { let r = rows.findIndex(to => to <= s.from); if (r < 0) { r = rows.length; rows.push(0); } if (r >= BANDS) { r = BANDS - 1; s.crowded = true; } rows[r] = Math.max(rows[r], s.to); s.row = r; });
  p.bands = Math.min(BANDS, rows.length);
  // When any fault is there, as spans that do not overlap, for the shade behind the lanes.
  p.shades = [];
  p.spans.forEach(s => { const l = p.shades[p.shades.length - 1]; if (l && s.from <= l.to) { if (s.to > l.to) { l.to = s.to; l.iTo = s.iTo; } } else p.shades.push({i: s.i, from: s.from, to: s.to, iTo: s.iTo}); });
  // Messages.
  const sends = [];
  for (let i = 0; i < n; i++) if (E[i].kind === 'send' && E[i].peer) sends.push(i);
  p.ms = Int32Array.from(sends);
  p.me = Int32Array.from(sends, i => end[i]);
  p.mFrom = Int32Array.from(sends, i => lane(E[i].node, false));
  p.mTo = Int32Array.from(sends, i => lane(E[i].peer, false));
  p.effects = null;
  p.scroll = 0; p.selected = -1; p.cone = null;
  p.span = Math.max(1, t.header.virtual, n ? p.at[n - 1] : 0);
}

let order = false, dark = matchMedia('(prefers-color-scheme: dark)').matches, active = 0;
let view = [0, 1], query = '', css = {}, needle = null;
const xOf = (p, i) => order ? i : p.at[i];
const full = () => {
  const m = Math.max(...panes.map(p => order ? Math.max(1, p.E.length - 1) : p.span), 1);
  return [-m * .015, m * 1.015];
};
const laneOf = (p, l) => p.lanes[l];

// The first event at which two traces part.
let differ = -1;
if (panes.length > 1) {
  const [a, b] = panes, same = (x, y) => x.at === y.at && x.kind === y.kind && x.node === y.node && x.peer === y.peer && x.task === y.task && x.method === y.method && x.nth === y.nth && x.conn === y.conn && x.fate === y.fate && x.text === y.text && x.size === y.size && x.where === y.where && x.on === y.on && x.client === y.client && x.moment === y.moment;
  const m = Math.min(a.E.length, b.E.length);
  let i = 0;
  while (i < m && same(a.E[i], b.E[i])) i++;
  if (i < m || a.E.length !== b.E.length) differ = i;
}

function layout() {
  width = canvas.clientWidth;
  const H = canvas.clientHeight - MAP;
  let y = 0;
  const share = H / Math.max(1, panes.length);
  panes.forEach(p => {
    p.y = y; p.h0 = share; y += share;
    p.top = p.y + RULER + p.bands * BAND + 4;
    p.visible = p.lanes.map((l, i) => i).filter(i => p.lanes[i].shown);
    p.room = p.y + share - p.top - 6;
    p.run = 30;
    const rows = p.visible.length;
    p.lh = Math.max(MINLANE, Math.min(104, (p.room - p.run) / Math.max(1, rows)));
    p.rowOf = new Int32Array(p.lanes.length).fill(-1);
    p.visible.forEach((l, r) => p.rowOf[l] = r);
    p.most = Math.max(0, p.run + rows * p.lh - p.room);
    p.scroll = Math.min(p.most, Math.max(0, p.scroll));
  });
}
// The row of what belongs to no lane is the first one.
const yOf = (p, l) => l < 0 ? p.top + p.run / 2 - p.scroll : p.rowOf[l] >= 0 ? p.top + p.run + p.lh * (p.rowOf[l] + .5) - p.scroll : NaN;
// The width is asked for once a frame: a hundred thousand questions would take longer than the rest.
let width = 0;
const W = () => width;
const px = x => GUTTER + (x - view[0]) / (view[1] - view[0]) * (width - GUTTER - 12);
const unpx = v => view[0] + (v - GUTTER) / (W() - GUTTER - 12) * (view[1] - view[0]);
const lower = (p, x) => { let a = 0, b = p.E.length; while (a < b) { const m = (a + b) >> 1; if (xOf(p, m) < x) a = m + 1; else b = m; } return a; };
const isOn = (p, i) => p.shown[i] && groupOn[p.group[i]] && (p.lane[i] < 0 || p.lanes[p.lane[i]].shown);

function readStyle() {
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
  const s = getComputedStyle(document.documentElement);
  for (const k of ['bg', 'panel', 'ink', 'soft', 'faint', 'lane', 'line', 'accent', 'accent-soft', 'msg', 'rep', 'lost', 'hold', 'fault', 'fault-soft', 'node', 'down', 'log', 'met', 'fail', 'go', 'turn', 'draw', 'out', 'op', 'op-soft', 'timer', 'wait']) css[k] = s.getPropertyValue('--' + k).trim();
  groups.forEach((g, i) => g.color = css[g[1]]);
}

let wanted = false;
const draw = () => { if (!wanted) { wanted = true; requestAnimationFrame(paint); } };
let lastPaint = 0;
function paint() {
  wanted = false;
  const t0 = performance.now();
  const r = devicePixelRatio || 1, w = canvas.clientWidth, h = canvas.clientHeight;
  if (canvas.width !== Math.round(w * r) || canvas.height !== Math.round(h * r)) { canvas.width = Math.round(w * r); canvas.height = Math.round(h * r); }
  ctx.setTransform(r, 0, 0, r, 0, 0);
  ctx.fillStyle = css.bg; ctx.fillRect(0, 0, w, h);
  ctx.font = '11px system-ui, sans-serif'; ctx.textBaseline = 'middle';
  layout();
  panes.forEach(paintPane);
  paintMap(w, h);
  lastPaint = performance.now() - t0;
  document.documentElement.dataset.paint = lastPaint.toFixed(1);
}

function paintPane(p) {
  const w = W(), right = w - 12, bottom = p.y + p.h0;
  ctx.save();
  ctx.beginPath(); ctx.rect(0, p.y, w, p.h0); ctx.clip();
  // Lanes.
  ctx.save();
  ctx.beginPath(); ctx.rect(0, p.top, w, bottom - p.top); ctx.clip();
  p.visible.forEach((l, r) => {
    const y = p.top + p.run + p.lh * r - p.scroll;
    if (y > bottom || y + p.lh < p.top) return;
    if (r % 2 === 0) { ctx.fillStyle = css.lane; ctx.fillRect(0, y, w, p.lh); }
    ctx.strokeStyle = css.line; ctx.lineWidth = 1;
    ctx.beginPath(); ctx.moveTo(GUTTER, Math.round(y + p.lh / 2) + .5); ctx.lineTo(right, Math.round(y + p.lh / 2) + .5); ctx.stroke();
  });
  ctx.restore();
  ruler(p, w, bottom);
  // Faults span all lanes.
  ctx.save();
  ctx.beginPath(); ctx.rect(GUTTER, p.y + RULER, right - GUTTER + 12, bottom - p.y - RULER); ctx.clip();
  if (groupOn[groupOf.fault]) p.shades.forEach(s => {
    const a = px(order ? s.i : s.from), b = px(order ? s.iTo : s.to);
    if (b < GUTTER || a > right) return;
    ctx.globalAlpha = .3; ctx.fillStyle = css['fault-soft']; ctx.fillRect(a, p.top, Math.max(1, b - a), bottom - p.top); ctx.globalAlpha = 1;
  });
  if (groupOn[groupOf.fault]) p.spans.forEach(s => {
    const a = px(order ? s.i : s.from), b = px(order ? s.iTo : s.to);
    if (b < GUTTER || a > right) return;
    const y = p.y + RULER + s.row * BAND;
    ctx.fillStyle = css['fault-soft']; ctx.fillRect(a, y, Math.max(2, b - a), BAND - 2);
    ctx.fillStyle = css.fault; ctx.fillRect(a, y, 2, BAND - 2);
    const from = Math.max(a, GUTTER) + 6;
    if (b - from > 40 && !s.crowded) { ctx.fillStyle = css.ink; ctx.fillText(fitText(s.name.replace(/\s+/g, ' '), b - from - 4), from, y + BAND / 2 - 1); }
  });
  ctx.restore();
  ctx.save();
  ctx.beginPath(); ctx.rect(GUTTER - 6, p.top, right - GUTTER + 18, bottom - p.top); ctx.clip();
  // Nodes that are down or stand still.
  p.downs.forEach(d => {
    const y = yOf(p, d.lane);
    if (isNaN(y)) return;
    const a = px(order ? d.i : d.from), b = px(order ? d.iTo : d.to);
    if (b < GUTTER || a > right) return;
    ctx.fillStyle = css.down; ctx.fillRect(a, y - p.lh * .36, b - a, p.lh * .72);
    ctx.strokeStyle = css.lost; ctx.setLineDash([2, 4]); ctx.beginPath(); ctx.moveTo(Math.max(a, GUTTER), y); ctx.lineTo(Math.min(b, right + 12), y); ctx.stroke(); ctx.setLineDash([]);
  });
  waitSpans(p, right);
  messages(p, right);
  operations(p, right);
  marks(p, right, bottom);
  if (differ >= 0 && panes.length > 1) vertical(p, Math.min(differ, p.E.length - 1), css.accent, 'first difference');
  if (p.fail >= 0 && groupOn[groupOf.fail]) vertical(p, p.fail, css.fail, '');
  selection(p);
  ctx.restore();
  gutter(p, bottom);
  if (p.number > 0) { ctx.fillStyle = css.line; ctx.fillRect(0, p.y, w, 1); }
  ctx.restore();
}

// Where an operation is drawn: a bar below the line of its lane.
const opBox = (p, o) => {
  const h = Math.max(5, Math.min(13, p.lh * .22)), a = px(order ? o.i : o.from), b = px(order ? o.iTo : o.to);
  return {x: a, y: yOf(p, o.lane) + p.lh * .14 + o.row * (h + 1), w: Math.max(3, b - a), h};
};
// When an operation took effect, in the order that the checker has found.
const momentOf = (p, o, i) => { if (!order) return p.E[i].moment || 0; const k = lower0(p, p.E[i].moment || 0); return Math.max(o.i, Math.min(k, o.iTo)); };
const lower0 = (p, at) => { let a = 0, b = p.E.length; while (a < b) { const m = (a + b) >> 1; if (p.at[m] < at) a = m + 1; else b = m; } return a; };
function operations(p, right) {
  const g = groupOf.call;
  if (!groupOn[g]) return;
  let drawn = 0;
  for (const o of p.ops) {
    if (!p.shown[o.i] && !(o.end >= 0 && p.shown[o.end])) continue;
    const r = opBox(p, o);
    if (isNaN(r.y) || r.x > right + 12 || r.x + r.w < GUTTER) continue;
    ctx.globalAlpha = p.cone && !p.cone.has(o.i) ? .25 : 1;
    ctx.fillStyle = css['op-soft']; ctx.strokeStyle = css.op; ctx.lineWidth = 1;
    ctx.fillRect(r.x, r.y, r.w, r.h);
    if (o.end < 0) ctx.setLineDash([3, 3]);
    ctx.strokeRect(r.x + .5, r.y + .5, r.w - 1, r.h - 1); ctx.setLineDash([]);
    const from = Math.max(r.x, GUTTER) + 4;
    if (r.h >= 10 && r.x + r.w - from > 28 && drawn++ < 400) {
      const e = p.E[o.i], answer = o.end >= 0 ? p.E[o.end].text || '' : '?';
      ctx.fillStyle = css.ink; ctx.fillText(fitText((e.text || '').slice(0, 200) + (answer === 'done' ? '' : ' → ' + answer.slice(0, 200)), r.x + r.w - from - 4), from, r.y + r.h / 2 + .5);
    }
    for (const i of o.points) {
      const X = px(momentOf(p, o, i));
      ctx.fillStyle = css.op; ctx.beginPath(); ctx.moveTo(X, r.y - 3); ctx.lineTo(X + 4, r.y + 2); ctx.lineTo(X, r.y + 7); ctx.lineTo(X - 4, r.y + 2); ctx.fill();
    }
  }
  ctx.globalAlpha = 1;
}
// Who waits has a thin bar above the line of its lane.
function waitSpans(p, right) {
  if (!groupOn[groupOf.wait]) return;
  ctx.fillStyle = css.wait;
  const seen = new Map();
  for (const s of p.waits) {
    const a = px(order ? s.i : s.from), b = px(order ? s.iTo : s.to);
    if (a > right + 12) break;
    if (b < GUTTER || !p.shown[s.i]) continue;
    const y = yOf(p, s.lane);
    if (isNaN(y)) continue;
    const key = s.lane * 4096 + (Math.max(a, GUTTER) | 0); // those that begin in one place are one
    if (seen.get(key) >= b) continue;
    seen.set(key, b);
    ctx.globalAlpha = p.cone && !p.cone.has(s.i) ? .06 : .22; ctx.fillRect(a, y - 3, Math.max(1, b - a), 2);
  }
  ctx.globalAlpha = 1;
}

const fitText = (s, room) => { const n = Math.floor(room / 5.6); return s.length > n ? (n > 1 ? s.slice(0, n - 1) + '…' : '') : s; };

function ruler(p, w, bottom) {
  const steps = (w - GUTTER) / 110, raw = (view[1] - view[0]) / Math.max(1, steps);
  let step = Math.pow(10, Math.floor(Math.log10(raw)));
  step *= raw / step > 5 ? 10 : raw / step > 2 ? 5 : raw / step > 1 ? 2 : 1;
  step = Math.max(1, step);
  ctx.fillStyle = css.soft; ctx.strokeStyle = css.faint; ctx.textAlign = 'center'; ctx.lineWidth = 1;
  for (let x = Math.max(0, Math.ceil(view[0] / step) * step); x <= view[1]; x += step) {
    const X = px(x);
    if (X < GUTTER) continue;
    ctx.beginPath(); ctx.moveTo(X, p.y + RULER - 5); ctx.lineTo(X, bottom); ctx.stroke();
    ctx.fillText(order ? '#' + (x + 1) : label(x, step), X, p.y + RULER / 2);
  }
  ctx.textAlign = 'left';
}
function label(x, step) {
  const [u, d] = x >= 1e9 || step >= 1e8 ? ['s', 1e9] : x >= 1e6 || step >= 1e5 ? ['ms', 1e6] : x >= 1e3 ? ['µs', 1e3] : ['ns', 1];
  return trim((x / d).toFixed(Math.min(9, Math.max(0, Math.ceil(-Math.log10(step / d)))))) + ' ' + u;
}

function gutter(p, bottom) {
  ctx.fillStyle = css.bg; ctx.fillRect(0, p.y, GUTTER - 6, RULER + p.bands * BAND + 4);
  ctx.fillStyle = css.soft;
  if (panes.length > 1) { ctx.font = '600 12px system-ui, sans-serif'; ctx.fillStyle = css.accent; ctx.fillText('AB'[p.number] + ' · seed ' + p.h.seed, 14, p.y + RULER / 2); ctx.font = '11px system-ui, sans-serif'; }
  if (p.bands) { ctx.fillStyle = css.fault; ctx.fillText('faults', 14, p.y + RULER + BAND / 2); }
  ctx.save();
  ctx.beginPath(); ctx.rect(0, p.top, GUTTER - 6, bottom - p.top); ctx.clip();
  ctx.fillStyle = css.bg; ctx.fillRect(0, p.top, GUTTER - 6, bottom - p.top);
  const y0 = yOf(p, -1);
  ctx.fillStyle = css.soft; ctx.fillText('the run', 14, y0);
  p.visible.forEach((l, r) => {
    const y = yOf(p, l), L = p.lanes[l];
    if (y < p.top - p.lh || y > bottom + p.lh) return;
    if (r % 2 === 0) { ctx.fillStyle = css.lane; ctx.fillRect(0, y - p.lh / 2, GUTTER - 6, p.lh); }
    ctx.fillStyle = css.ink; ctx.font = L.task ? '11px system-ui, sans-serif' : '600 13px system-ui, sans-serif';
    const name = L.task ? L.name.replace(/ [0-9a-f]{8}$/, '').replace(/^.*\/(?=[^/]*$)/, '') : L.name;
    ctx.fillText(fitText(name, GUTTER - 30), 14, y);
  });
  ctx.restore();
  ctx.font = '11px system-ui, sans-serif';
}

// Arrows are gathered by style, and each style is drawn at once: thousands are no more than some
// strokes. Those that would cover each other are drawn once.
const sort = kind => kind === 'drop' ? 'lost' : kind === 'hold' ? 'hold' : 'msg';
function messages(p, right) {
  const on = groupOn[groupOf.send], lostOn = groupOn[groupOf.drop];
  const x0 = view[0], x1 = view[1], n = p.ms.length, cone = p.cone, lanes = p.lanes.length, wide = right + 64;
  const styles = new Map(), names = [], seen = new Map();
  let drawn = 0;
  const fine = n > 10000 ? 2.5 : 1; // how many pixels count as one place
  const bucket = (color, dash, dim, bold) => {
    const key = color + dash + dim + bold;
    let b = styles.get(key);
    if (!b) { b = {color, dash, dim, bold, lines: [], heads: [], crosses: [], rings: []}; styles.set(key, b); }
    return b;
  };
  for (let k = 0; k < n; k++) {
    const s = p.ms[k], e = p.me[k], a = order ? s : p.at[s];
    if (a > x1) break;
    const b = e < 0 ? a : order ? e : p.at[e];
    if (b < x0) continue;
    if (!p.shown[s] && !(e >= 0 && p.shown[e])) continue;
    const kind = e < 0 ? '' : p.E[e].kind, lost = kind === 'drop' || kind === 'hold';
    if (!(lost ? lostOn : on)) continue;
    const y0 = yOf(p, p.mFrom[k]), y1 = yOf(p, p.mTo[k]);
    if (y0 !== y0 || y1 !== y1) continue;
    const X0 = px(a), X1 = e < 0 ? X0 + 14 : px(b);
    const inCone = cone && cone.has(s) && (e < 0 || cone.has(e));
    if (!cone && n > 2000) {
      const key = ((p.mFrom[k] * lanes + p.mTo[k]) * 2 + (lost ? 1 : 0)) * wide * 2 + (X0 > 0 ? X0 / fine | 0 : 0), to = X1 / fine | 0;
      if (seen.get(key) === to) continue;
      seen.set(key, to);
    }
    let X2 = X1, Y2 = y1;
    if (lost || e < 0) { const f = e < 0 ? .45 : .82; X2 = X0 + (X1 - X0) * f; Y2 = y0 + (y1 - y0) * f; }
    const st = bucket(lost ? sort(kind) : p.E[s].reply ? 'rep' : 'msg', lost || e < 0, cone && !inCone, inCone);
    st.lines.push(X0, y0, X2, Y2);
    const dx = X2 - X0, dy = Y2 - y0, len = Math.sqrt(dx * dx + dy * dy) || 1;
    if (kind === 'drop') st.crosses.push(X2, Y2);
    else if (kind === 'hold') st.rings.push(X2, Y2);
    else if (len > 9) st.heads.push(X2, Y2, dx / len, dy / len);
    drawn++;
    if (len > 90 && Math.abs(dx) > 46 && names.length < 61) names.push([X0, y0, X2, Y2, p.E[s], cone && !inCone ? .2 : 1]);
  }
  const few = drawn < 2500;
  for (const st of styles.values()) {
    ctx.globalAlpha = st.dim ? .16 : few ? .85 : .6;
    ctx.strokeStyle = ctx.fillStyle = css[st.color];
    ctx.lineWidth = st.bold ? 2 : few ? 1.2 : 1;
    if (st.dash && few) ctx.setLineDash([5, 4]);
    ctx.beginPath();
    for (let i = 0, l = st.lines; i < l.length; i += 4) {
      ctx.moveTo(l[i], l[i + 1]); ctx.lineTo(l[i + 2], l[i + 3]);
      if (i % 64 === 60) { ctx.stroke(); ctx.beginPath(); } // a long path takes more than its parts
    }
    ctx.stroke(); ctx.setLineDash([]);
    if (!few) continue; // there is no room for their ends
    ctx.beginPath();
    for (let i = 0, l = st.heads; i < l.length; i += 4) { const x = l[i], y = l[i + 1], u = l[i + 2], v = l[i + 3]; ctx.moveTo(x, y); ctx.lineTo(x - u * 7 - v * 3.4, y - v * 7 + u * 3.4); ctx.lineTo(x - u * 7 + v * 3.4, y - v * 7 - u * 3.4); }
    ctx.fill();
    ctx.lineWidth = 1.8; ctx.beginPath();
    for (let i = 0, l = st.crosses; i < l.length; i += 2) { const x = l[i], y = l[i + 1]; ctx.moveTo(x - 4, y - 4); ctx.lineTo(x + 4, y + 4); ctx.moveTo(x + 4, y - 4); ctx.lineTo(x - 4, y + 4); }
    for (let i = 0, l = st.rings; i < l.length; i += 2) { ctx.moveTo(l[i] + 4, l[i + 1]); ctx.arc(l[i], l[i + 1], 4, 0, 7); }
    ctx.stroke();
  }
  ctx.globalAlpha = 1; ctx.lineWidth = 1;
  // Names where there is room for them.
  if (names.length < 60 && few) names.forEach(([a, b, c, d, e, alpha]) => {
    ctx.save(); ctx.globalAlpha = alpha; ctx.translate((a + c) / 2, (b + d) / 2); ctx.rotate(Math.atan2(d - b, c - a));
    const room = Math.hypot(c - a, d - b) - 26, s = fitText((e.method || '').replace(/^[A-Z]\w*\.(?=[A-Z])/, '') + (e.reply ? ' ↩' : ''), room);
    ctx.textAlign = 'center'; ctx.lineWidth = 4; ctx.strokeStyle = css.bg; ctx.lineJoin = 'round'; ctx.strokeText(s, 0, -7); ctx.fillStyle = css.ink; ctx.fillText(s, 0, -7); ctx.restore();
  });
  ctx.textAlign = 'left';
}

function marks(p, right, bottom) {
  const i0 = lower(p, view[0]);
  let i1 = lower(p, view[1]);
  while (i1 < p.E.length && xOf(p, i1) <= view[1]) i1++;
  const dense = i1 - i0 > 6000, seen = new Float64Array((p.lanes.length + 1) * 16).fill(-1e9), dots = groups.map(() => []), least = dense ? 1.5 : .7;
  let texts = 0;
  const lastText = new Map();
  for (let i = i0; i < i1; i++) {
    if (!isOn(p, i)) continue;
    const l = p.lane[i], y = yOf(p, l);
    if (y !== y || y < p.top - 20 || y > bottom + 20) continue;
    const X = px(order ? i : p.at[i]), g = p.group[i], key = (l + 1) * 16 + g;
    if (X - seen[key] < least) continue;
    seen[key] = X;
    const e = p.E[i], k = e.kind;
    if (k === 'drop' || k === 'hold' || k === 'call' || k === 'return' || k === 'point') continue;
    if (dense && (k === 'send' || k === 'timer' || k === 'wait' || k === 'woken' || k === 'arrive' || k === 'turn' || k === 'draw' || k === 'go')) { dots[g].push(X, y); continue; }
    ctx.globalAlpha = p.cone && !p.cone.has(i) ? .22 : 1;
    ctx.fillStyle = ctx.strokeStyle = groups[g].color;
    if (k === 'send' || k === 'arrive') { ctx.beginPath(); ctx.arc(X, y, k === 'send' ? 2.6 : 2, 0, 7); ctx.fill(); }
    else if (k === 'turn') { ctx.fillRect(X - .5, y - 5, 1, 10); }
    else if (k === 'draw') { ctx.fillRect(X - 1, y + 6, 2, 4); }
    else if (k === 'go') { ctx.beginPath(); ctx.moveTo(X, y - 7); ctx.lineTo(X + 5, y); ctx.lineTo(X, y + 7); ctx.fill(); }
    else if (k === 'crash') { ctx.lineWidth = 2.4; ctx.strokeStyle = css.lost; ctx.beginPath(); ctx.moveTo(X - 6, y - 6); ctx.lineTo(X + 6, y + 6); ctx.moveTo(X + 6, y - 6); ctx.lineTo(X - 6, y + 6); ctx.stroke(); ctx.lineWidth = 1; }
    else if (k === 'boot' || k === 'resume') { ctx.beginPath(); ctx.moveTo(X - 5, y - 7); ctx.lineTo(X + 6, y); ctx.lineTo(X - 5, y + 7); ctx.closePath(); ctx.fillStyle = k === 'boot' ? css.met : css.panel; ctx.fill(); ctx.strokeStyle = css.met; ctx.stroke(); }
    else if (k === 'pause') { ctx.fillRect(X - 4, y - 6, 3, 12); ctx.fillRect(X + 1, y - 6, 3, 12); }
    else if (k === 'met') { ctx.beginPath(); ctx.moveTo(X, y - 7); ctx.lineTo(X + 7, y); ctx.lineTo(X, y + 7); ctx.lineTo(X - 7, y); ctx.fill(); }
    else if (k === 'fail') { ctx.beginPath(); ctx.arc(X, y, 7, 0, 7); ctx.fill(); ctx.fillStyle = css.panel; ctx.font = '700 11px system-ui, sans-serif'; ctx.textAlign = 'center'; ctx.fillText('!', X, y + .5); ctx.textAlign = 'left'; ctx.font = '11px system-ui, sans-serif'; }
    else if (k === 'log' || k === 'output') { ctx.fillRect(X - 3, y - p.lh * .3 - 3, 6, 6); }
    else if (k === 'timer') { ctx.beginPath(); ctx.moveTo(X - 3.5, y - 4); ctx.lineTo(X + 3.5, y - 4); ctx.lineTo(X - 3.5, y + 4); ctx.lineTo(X + 3.5, y + 4); ctx.closePath(); ctx.stroke(); }
    else if (k === 'wait') { ctx.strokeRect(X - 3, y - 3, 6, 6); }
    else if (k === 'woken') { ctx.fillRect(X - 2, y - 5, 4, 4); }
    else if (k === 'check') { ctx.beginPath(); ctx.moveTo(X, y - 5); ctx.lineTo(X + 5, y); ctx.lineTo(X, y + 5); ctx.lineTo(X - 5, y); ctx.closePath(); ctx.stroke(); }
    else { ctx.beginPath(); ctx.arc(X, y, 3.5, 0, 7); ctx.stroke(); }
    if ((k === 'log' || k === 'met' || k === 'fail' || k === 'output') && e.text && texts < 120) {
      const yy = k === 'log' || k === 'output' ? y - p.lh * .3 : y, key = l + ':' + yy, free = lastText.get(key) || -1e9;
      if (X + 8 > free) { const s = cut(e.text.slice(0, 200).trim().split('\n')[0], 46); ctx.fillStyle = k === 'fail' ? css.fail : css.soft; ctx.fillText(s, X + 10, yy); lastText.set(key, X + 16 + s.length * 5.8); texts++; }
    }
  }
  dots.forEach((d, g) => {
    ctx.fillStyle = groups[g].color; ctx.globalAlpha = p.cone ? .3 : 1;
    for (let i = 0; i < d.length; i += 2) ctx.fillRect(Math.round(d[i]) - 1, Math.round(d[i + 1]) - 2, 2, 4);
  });
  ctx.globalAlpha = 1;
}

function vertical(p, i, color, words) {
  if (i < 0) return;
  const X = Math.round(px(xOf(p, i))) + .5;
  ctx.strokeStyle = color; ctx.globalAlpha = .7; ctx.setLineDash([4, 3]); ctx.beginPath(); ctx.moveTo(X, p.top - 4); ctx.lineTo(X, p.y + p.h0); ctx.stroke(); ctx.setLineDash([]); ctx.globalAlpha = 1;
  if (words) { ctx.fillStyle = color; ctx.fillText(words, X + 5, p.y + p.h0 - 10); }
}

function selection(p) {
  if (p.selected < 0) return;
  const i = p.selected, X = px(xOf(p, i)), y = yOf(p, p.lane[i]);
  ctx.strokeStyle = css.accent; ctx.lineWidth = 1; ctx.globalAlpha = .6; ctx.beginPath(); ctx.moveTo(X, p.top - 4); ctx.lineTo(X, p.y + p.h0); ctx.stroke(); ctx.globalAlpha = 1;
  if (isNaN(y)) return;
  // The chain of causes.
  ctx.lineWidth = 2; ctx.beginPath();
  let j = i, steps = 0;
  ctx.moveTo(X, y);
  while (p.E[j].cause && steps++ < 64) { j = p.E[j].cause - 1; const yy = yOf(p, p.lane[j]); if (isNaN(yy)) break; ctx.lineTo(px(xOf(p, j)), yy); }
  ctx.globalAlpha = .55; ctx.stroke(); ctx.globalAlpha = 1;
  ctx.lineWidth = 2.4; ctx.beginPath(); ctx.arc(X, y, 9, 0, 7); ctx.stroke(); ctx.lineWidth = 1;
}

function paintMap(w, h) {
  const y = h - MAP, f = full(), X = x => GUTTER + (x - f[0]) / (f[1] - f[0]) * (w - GUTTER - 12);
  ctx.fillStyle = css.panel; ctx.fillRect(0, y, w, MAP); ctx.fillStyle = css.faint; ctx.fillRect(0, y, w, 1);
  const room = Math.max(1, Math.floor(w - GUTTER - 12));
  if (!map || map.room !== room || map.order !== order) {
    map = {room, order, bins: new Uint32Array(room + 1), most: 1};
    panes.forEach(p => { for (let i = 0; i < p.E.length; i++) { const b = Math.max(0, Math.min(room, Math.floor(X(xOf(p, i)) - GUTTER))); if (++map.bins[b] > map.most) map.most = map.bins[b]; } });
  }
  ctx.fillStyle = css.turn;
  for (let b = 0; b <= room; b++) if (map.bins[b]) { const v = 3 + Math.log1p(map.bins[b]) / Math.log1p(map.most) * (MAP - 12); ctx.fillRect(GUTTER + b, h - 4 - v, 1, v); }
  panes.forEach(p => { if (p.fail >= 0) { ctx.fillStyle = css.fail; ctx.fillRect(X(xOf(p, p.fail)) - 1, y + 3, 2, MAP - 6); } });
  const a = Math.max(GUTTER, X(view[0])), b = Math.min(w - 12, X(view[1]));
  ctx.fillStyle = css['accent-soft']; ctx.fillRect(a, y + 1, Math.max(3, b - a), MAP - 2);
  ctx.strokeStyle = css.accent; ctx.strokeRect(a + .5, y + 1.5, Math.max(3, b - a) - 1, MAP - 3);
  ctx.fillStyle = css.soft; ctx.fillText('overview', 14, y + MAP / 2);
}
let map = null;

// Details.
const el = (tag, text, cls) => { const x = document.createElement(tag); if (text !== undefined) x.textContent = text; if (cls) x.className = cls; return x; };
function button(p, i, self) {
  const b = el('button', undefined, 'ev' + (self ? ' self' : ''));
  b.append(el('small', '#' + (i + 1) + ' ' + ns(p.at[i])), cut(title(p.E[i]), 160));
  b.title = cut(title(p.E[i]), 300);
  b.onclick = () => select(p, i, true);
  return b;
}
function payload(s) {
  const pre = el('pre', s.length > 4000 ? s.slice(0, 4000) + '…' : s), out = [pre];
  if (s.length > 4000) { const b = el('button', 'Show all ' + count(s.length, 'character')); b.onclick = () => { pre.textContent = s; b.remove(); }; out.push(b); }
  return out;
}
function detail() {
  const d = $('detail');
  d.replaceChildren();
  const p = panes[active];
  if (!p) return;
  if (p.selected < 0) {
    d.append(el('h2', p.h.failure ? 'How it failed' : 'The run passed'));
    if (p.h.failure) d.append(...payload(p.h.failure));
    const dl = el('dl');
    for (const [k, v] of [['test', p.h.test], ['package', p.h.package], ['seed', p.h.seed], ['replay', p.h.replay], ['digest', p.h.digest], ['ended at', ns(p.h.virtual)], ['Go', p.h.go], ['samerun', p.h.tool], ['left out before', p.h.left ? count(p.h.left, 'message') : '']]) if (v) dl.append(el('dt', k), el('dd', String(v)));
    d.append(dl, el('p', 'Click an event or an arrow, or press →.', 'muted'));
    if (differ >= 0) {
      d.append(el('h3', 'First difference'));
      panes.forEach(q => { d.append(el('p', 'AB'[q.number] + ', seed ' + q.h.seed, 'muted')); if (differ > 0) d.append(button(q, differ - 1)); if (differ < q.E.length) d.append(button(q, differ, true)); else d.append(el('p', 'has ended')); });
    } else if (panes.length > 1) d.append(el('h3', 'No difference'), el('p', 'Both runs are the same.'));
    return;
  }
  const i = p.selected, e = p.E[i];
  d.append(el('h2', cut(title(e), 200)));
  const dl = el('dl');
  const took = e.msg ? ns(e.at - p.at[e.msg - 1]) : '';
  for (const [k, v] of [['event', '#' + e.n], ['time', ns(e.at)], ['kind', e.kind], ['node', e.node], ['to', e.peer], ['goroutine', e.task], ['method', e.method], ['size', e.size ? count(e.size, 'byte') : ''], ['connection', e.conn], ['number', e.nth], ['client', e.client], ['waits at', e.on], ['fate', e.fate], ['on its way', took], ['took', e.took ? ns(e.took) : ''], ['takes effect', e.moment ? ns(e.moment) : ''], ['element', e.element]]) if (v) dl.append(el('dt', k), el('dd', String(v)));
  d.append(dl);
  if (e.where) { d.append(el('h3', 'Where'), el('pre', e.where.split(' < ').join('\n'))); }
  const text = e.text || (e.msg && p.E[e.msg - 1].text);
  if (text) d.append(el('h3', e.kind === 'send' || e.msg ? 'Payload' : 'Text'), ...payload(text));
  if (e.began) d.append(el('h3', 'Began with'), button(p, e.began - 1));
  d.append(el('h3', 'Causes'));
  let j = e.cause, steps = 0;
  if (!j) d.append(el('p', 'not known', 'muted'));
  while (j && steps++ < 8) { d.append(button(p, j - 1)); j = p.E[j - 1].cause; }
  const eff = effects(p, i);
  d.append(el('h3', 'Effects'));
  if (!eff.length) d.append(el('p', 'none known', 'muted'));
  eff.slice(0, 12).forEach(k => d.append(button(p, k)));
  if (eff.length > 12) d.append(el('p', 'and ' + (eff.length - 12) + ' more', 'muted'));
  const c = el('button', p.cone ? 'Show all again' : 'Only what led here');
  c.style.marginTop = '14px';
  c.onclick = () => { p.cone = p.cone ? null : coneOf(p, i); detail(); draw(); };
  d.append(c);
}
function effects(p, i) {
  if (!p.effects) { p.effects = new Map(); p.E.forEach((e, k) => { for (const c of new Set([e.cause, e.msg, e.began])) if (c) { const l = p.effects.get(c - 1); if (l) l.push(k); else p.effects.set(c - 1, [k]); } }); }
  return p.effects.get(i) || [];
}
function coneOf(p, i) {
  const s = new Set([i]), todo = [i];
  while (todo.length) { const e = p.E[todo.pop()]; for (const c of [e.cause, e.msg, e.began]) if (c && !s.has(c - 1)) { s.add(c - 1); todo.push(c - 1); } }
  return s;
}

function select(p, i, show) {
  active = p.number;
  panes.forEach(q => { if (q !== p) { q.selected = -1; q.cone = null; } });
  p.selected = i; p.cone = null;
  if (i >= 0 && show) reveal(p, i);
  detail(); draw();
}
function reveal(p, i) {
  const x = xOf(p, i), w = view[1] - view[0];
  if (x < view[0] + w * .04 || x > view[1] - w * .04) setView(x - w / 2, x + w / 2);
  layout();
  const y = yOf(p, p.lane[i]);
  if (y < p.top + p.lh / 2) p.scroll -= p.top + p.lh / 2 - y;
  if (y > p.y + p.h0 - p.lh / 2) p.scroll += y - (p.y + p.h0 - p.lh / 2);
}
function step(by) {
  const p = panes[active];
  let i = p.selected;
  if (i < 0) { i = lower(p, by > 0 ? view[0] : view[1]) - (by > 0 ? 1 : 0); }
  for (i += by; i >= 0 && i < p.E.length; i += by) if (isOn(p, i)) { select(p, i, true); return; }
}
function jump() {
  let p = panes[active];
  if (differ >= 0) { const q = panes.find(q => differ < q.E.length); setAround(q, differ); select(q, differ, true); return; }
  if (p.fail < 0) p = panes.find(q => q.fail >= 0) || p;
  const i = p.fail >= 0 ? p.fail : p.E.length - 1;
  if (i < 0) return;
  setAround(p, i); select(p, i, true);
}
function setAround(p, i) {
  const a = xOf(p, Math.max(0, i - 40)), x = xOf(p, i), w = Math.max((x - a) * 1.25, order ? 20 : 1000);
  setView(x - w * .88, x + w * .12);
}
function setView(a, b) {
  const f = full(), min = order ? 4 : 20;
  if (b - a < min) { const m = (a + b) / 2; a = m - min / 2; b = m + min / 2; }
  if (b - a >= f[1] - f[0]) { view = f; draw(); return; }
  if (a < f[0]) { b += f[0] - a; a = f[0]; }
  if (b > f[1]) { a -= b - f[1]; b = f[1]; }
  view = [a, b]; draw();
}
function zoom(by, at) { const x = at === undefined ? (panes[active].selected >= 0 ? xOf(panes[active], panes[active].selected) : (view[0] + view[1]) / 2) : at; setView(x - (x - view[0]) * by, x + (view[1] - x) * by); }
function pan(by) { const w = view[1] - view[0]; setView(view[0] + by * w, view[1] + by * w); }
function toggleAxis() {
  const p = panes[active], mid = p.selected >= 0 ? p.selected : Math.min(p.E.length - 1, lower(p, (view[0] + view[1]) / 2));
  const i0 = lower(p, view[0]), i1 = Math.max(i0, lower(p, view[1]) - 1), whole = view[0] <= full()[0] && view[1] >= full()[1];
  order = !order; $('axis').textContent = order ? 'Steps' : 'Time';
  if (whole || mid < 0) view = full(); else { const a = xOf(p, i0), b = xOf(p, Math.min(i1, p.E.length - 1)); setView(a - (b - a) * .04 - 1, b + (b - a) * .04 + 1); }
  draw();
}

function filter() {
  query = $('q').value; needle = query.trim().toLowerCase();
  let found = 0, of = 0;
  const words = needle.split(/\s+/).filter(Boolean);
  panes.forEach(p => p.E.forEach((e, i) => {
    let ok = true;
    if (words.length) {
      if (p.words === undefined) p.words = new Array(p.E.length);
      const s = p.words[i] || (p.words[i] = [title(e), e.task, e.where, e.text && e.text.slice(0, 2000)].join(' ').toLowerCase());
      ok = words.every(w => s.includes(w));
    }
    p.shown[i] = ok ? 1 : 0;
    if (ok && groupOn[p.group[i]]) found++;
    of++;
  }));
  $('found').textContent = found < of ? found.toLocaleString('en') + ' of ' + count(of, 'event') : count(of, 'event');
  draw();
}

// What is under the pointer.
function hit(mx, my) {
  const p = panes.find(q => my >= q.y && my < q.y + q.h0);
  if (!p || mx < GUTTER - 6 || my < p.y + RULER) return null;
  if (my < p.top) { const s = p.spans.find(s => my >= p.y + RULER + s.row * BAND && my < p.y + RULER + (s.row + 1) * BAND && mx >= px(order ? s.i : s.from) - 2 && mx <= Math.max(px(order ? s.iTo : s.to), px(order ? s.i : s.from) + 3)); return s && {p, i: s.i}; }
  if (groupOn[groupOf.call]) for (const o of p.ops) {
    const r = opBox(p, o);
    if (mx >= r.x - 1 && mx <= r.x + r.w + 1 && my >= r.y - 1 && my <= r.y + r.h + 1) return {p, i: o.end >= 0 && mx > r.x + r.w / 2 ? o.end : o.i};
  }
  let best = null, near = 10;
  for (let i = lower(p, unpx(mx - 12)), x1 = unpx(mx + 12); i < p.E.length && xOf(p, i) <= x1; i++) {
    if (!isOn(p, i) || /^(drop|hold|call|return|point)$/.test(p.E[i].kind)) continue;
    let y = yOf(p, p.lane[i]);
    if (p.E[i].kind === 'log' || p.E[i].kind === 'output') y -= p.lh * .3;
    const d = Math.hypot(px(xOf(p, i)) - mx, y - my);
    if (d < near) { near = d; best = i; }
  }
  if (best !== null) return {p, i: best};
  near = 6;
  for (let k = 0; k < p.ms.length; k++) {
    const s = p.ms[k], e = p.me[k], a = xOf(p, s);
    if (a > view[1]) break;
    const b = e < 0 ? a : xOf(p, e);
    if (b < view[0]) continue;
    const lost = e >= 0 && p.E[e].kind !== 'arrive';
    if (!groupOn[lost ? groupOf.drop : groupOf.send] || !p.shown[s] && !(e >= 0 && p.shown[e])) continue;
    const y0 = yOf(p, p.mFrom[k]), y1 = yOf(p, p.mTo[k]);
    if (isNaN(y0) || isNaN(y1)) continue;
    const X0 = px(a), X1 = e < 0 ? X0 + 14 : px(b), dx = X1 - X0, dy = y1 - y0, t = Math.max(0, Math.min(1, ((mx - X0) * dx + (my - y0) * dy) / (dx * dx + dy * dy || 1)));
    const d = Math.hypot(X0 + dx * t - mx, y0 + dy * t - my);
    if (d < near) { near = d; best = e < 0 ? s : e; }
  }
  return best === null ? null : {p, i: best};
}

let drag = null;
canvas.addEventListener('pointerdown', ev => {
  canvas.focus({preventScroll: true}); canvas.setPointerCapture(ev.pointerId);
  drag = {x: ev.offsetX, y: ev.offsetY, view: [...view], moved: false, map: ev.offsetY > canvas.clientHeight - MAP, p: panes.find(q => ev.offsetY >= q.y && ev.offsetY < q.y + q.h0)};
  if (drag.p) drag.scroll = drag.p.scroll;
  if (drag.map) moveMap(ev.offsetX);
});
canvas.addEventListener('pointermove', ev => {
  const tip = $('tip');
  if (drag) {
    tip.hidden = true;
    if (drag.map) { moveMap(ev.offsetX); return; }
    const dx = ev.offsetX - drag.x, dy = ev.offsetY - drag.y;
    if (!drag.moved && Math.hypot(dx, dy) < 4) return;
    drag.moved = true; canvas.style.cursor = 'grabbing';
    const per = (drag.view[1] - drag.view[0]) / (W() - GUTTER - 12);
    if (drag.p) drag.p.scroll = drag.scroll - dy;
    setView(drag.view[0] - dx * per, drag.view[1] - dx * per);
    return;
  }
  const h = hit(ev.offsetX, ev.offsetY);
  canvas.style.cursor = h ? 'pointer' : 'default';
  tip.hidden = !h;
  if (h) { tip.textContent = ns(h.p.at[h.i]) + '  ' + cut(title(h.p.E[h.i]), 140); const x = Math.min(ev.offsetX + 14, W() - 300); tip.style.left = x + 'px'; tip.style.top = Math.max(0, ev.offsetY - 34) + 'px'; }
});
canvas.addEventListener('pointerleave', () => { $('tip').hidden = true; });
canvas.addEventListener('pointerup', ev => {
  const d = drag; drag = null; canvas.style.cursor = 'default';
  if (!d || d.moved || d.map) return;
  const p = panes.find(q => ev.offsetY >= q.y && ev.offsetY < q.y + q.h0);
  if (ev.offsetX < GUTTER - 6 && p && ev.offsetY > p.top) { chooseLane(p, ev.offsetY); return; }
  const h = hit(ev.offsetX, ev.offsetY);
  if (h) select(h.p, h.i, false); else if (p) select(p, -1, false);
});
function moveMap(x) { const f = full(), w = view[1] - view[0], at = f[0] + (x - GUTTER) / (W() - GUTTER - 12) * (f[1] - f[0]); setView(at - w / 2, at + w / 2); }
// A click on a lane leaves only that one and those that it talks to; another one brings all back.
function chooseLane(p, y) {
  const r = Math.floor((y - p.top - p.run + p.scroll) / p.lh), l = p.visible[r];
  if (p.lanes.some(x => !x.shown)) p.lanes.forEach(x => x.shown = true);
  else if (l !== undefined) {
    const keep = new Set([l]);
    for (let k = 0; k < p.ms.length; k++) { if (p.mFrom[k] === l) keep.add(p.mTo[k]); if (p.mTo[k] === l) keep.add(p.mFrom[k]); }
    p.lanes.forEach((x, i) => x.shown = keep.has(i));
  }
  p.scroll = 0; draw();
}
canvas.addEventListener('wheel', ev => {
  ev.preventDefault();
  const p = panes.find(q => ev.offsetY >= q.y && ev.offsetY < q.y + q.h0);
  if (ev.shiftKey && p) { p.scroll += (ev.deltaY || ev.deltaX); draw(); return; }
  if (Math.abs(ev.deltaX) > Math.abs(ev.deltaY)) { pan(ev.deltaX / 1500); return; }
  zoom(Math.exp(Math.max(-60, Math.min(60, ev.deltaY)) * .006), unpx(Math.max(GUTTER, ev.offsetX)));
}, {passive: false});

document.addEventListener('keydown', ev => {
  if (ev.ctrlKey || ev.metaKey || ev.altKey) return;
  if (ev.key === 'Escape') { $('keys').hidden = true; if (document.activeElement === $('q')) { $('q').value = ''; filter(); canvas.focus(); } else select(panes[active], -1, false); return; }
  if (document.activeElement === $('q')) { if (ev.key === 'Enter') { canvas.focus(); step(1); } return; }
  const p = panes[active];
  switch (ev.key) {
  case 'ArrowRight': ev.shiftKey ? pan(.25) : step(1); break;
  case 'ArrowLeft': ev.shiftKey ? pan(-.25) : step(-1); break;
  case 'ArrowUp': p.scroll -= 60; draw(); break;
  case 'ArrowDown': p.scroll += 60; draw(); break;
  case '+': case '=': zoom(.6); break;
  case '-': zoom(1 / .6); break;
  case '0': setView(...full()); break;
  case 'f': jump(); break;
  case 'o': toggleAxis(); break;
  case 'd': toggleTheme(); break;
  case 'c': if (p.selected >= 0 && p.E[p.selected].cause) select(p, p.E[p.selected].cause - 1, true); break;
  case 'e': if (p.selected >= 0 && effects(p, p.selected).length) select(p, effects(p, p.selected)[0], true); break;
  case '/': $('q').focus(); $('q').select(); break;
  case '?': $('keys').hidden = false; break;
  case 'Tab': return;
  default: return;
  }
  ev.preventDefault();
});
function toggleTheme() { dark = !dark; readStyle(); kinds(); draw(); }

// Beside nodes, goroutines have lanes only while their kind is shown.
function openGoroutines() {
  if (P.h.nodes.length) panes.forEach(p => { p.lanes.forEach(l => { if (l.task) l.shown = groupOn[groupOf.go]; }); p.scroll = 0; });
}
function kinds() {
  const k = $('kinds');
  k.replaceChildren();
  const n = groups.map(() => 0);
  panes.forEach(p => { for (let i = 0; i < p.group.length; i++) n[p.group[i]]++; });
  groups.forEach((g, i) => {
    if (!n[i]) return;
    const b = el('button');
    b.style.setProperty('--k', 'var(--' + g[1] + ')');
    b.append(el('i'), g[0], el('span', n[i].toLocaleString('en')));
    b.setAttribute('aria-pressed', groupOn[i]);
    b.dataset.group = g[0];
    b.title = 'Click: show or hide. Shift and click: only these.';
    b.onclick = ev => { if (ev.shiftKey) { const only = groupOn.every((x, j) => x === (j === i)); groups.forEach((_, j) => groupOn[j] = only || j === i); } else groupOn[i] = !groupOn[i]; openGoroutines(); kinds(); filter(); };
    k.append(b);
  });
}

readStyle();
const P = panes[0];
if (P) {
  $('name').textContent = P.h.test + ' · seed ' + P.h.seed + (panes[1] ? ' and ' + panes[1].h.seed : '');
  const f = $('facts');
  f.append(P.h.package + '  ·  ', el('b', ns(P.h.virtual)), ' of virtual time  ·  digest ', el('code', P.h.digest || 'none'));
  const bad = panes.find(p => p.h.failure);
  if (bad) { $('failure').hidden = false; $('failure').textContent = '✕ ' + bad.h.failure; $('failure').title = bad.h.failure; }
  else { f.append('  ·  '); f.append(el('span', '✓ passed', 'passed')); }
  if (panes.length > 1) $('jump').textContent = differ >= 0 ? 'Difference' : 'No difference';
  else if (P.fail < 0) $('jump').textContent = 'End';
  // Where there are no turns to see, none are drawn; where there are many, they start hidden.
  if (P.h.nodes.length) groups.forEach((g, i) => { if (['draws', 'turns', 'goroutines'].includes(g[0])) groupOn[i] = false; });
  // Timers and waits start hidden where there are more than can be looked at one by one.
  for (const k of ['timer', 'wait']) { let n = 0; panes.forEach(p => { for (let i = 0; i < p.group.length; i++) if (p.group[i] === groupOf[k]) n++; }); if (n > 200) groupOn[groupOf[k]] = false; }
  openGoroutines();
}
const when = (id, f) => $(id).addEventListener('click', () => { f(); });
when('prev', () => step(-1)); when('next', () => step(1)); when('jump', jump); when('failure', jump); when('in', () => zoom(.6)); when('out', () => zoom(1 / .6));
when('fit', () => setView(...full())); when('axis', toggleAxis); when('theme', toggleTheme); when('help', () => { $('keys').hidden = false; }); when('keys', () => { $('keys').hidden = true; });
$('q').addEventListener('input', filter);
new ResizeObserver(draw).observe(canvas);
kinds(); filter(); detail();
view = full();
// #n=12 selects an event, q=… filters, steps lays out by steps, dark and light choose colours.
for (const part of location.hash.slice(1).split('&')) {
  const [k, v = ''] = part.split('=');
  if (k === 'dark' || k === 'light') { dark = k === 'dark'; readStyle(); kinds(); }
  if (k === 'steps') toggleAxis();
  if (k === 'q') { try { $('q').value = decodeURIComponent(v); } catch { $('q').value = v; } filter(); }
  if (k === 'failure') jump();
  if (k === 'n' && P && +v >= 1 && +v <= P.E.length) { setAround(P, +v - 1); select(P, +v - 1, true); }
}
paint();
document.documentElement.dataset.ready = Math.round(performance.now());
document.documentElement.dataset.began = Math.round(began);
})();
