// Sends what is chosen to Python, and shows what comes back. Text from outside is only ever set as textContent; the close reading is HTML
// that Python has made, in which everything from outside is escaped.
const {add, choose, makeLines} = framebookLines; // of data/lines.js, which comes before
const SVG = "http://www.w3.org/2000/svg";
const WAIT = 60000; // milliseconds until the kernel is taken for dead: who says what is found once, which takes long

function draw(parent, tag, facts, text = "") {
  const made = parent.appendChild(document.createElementNS(SVG, tag));
  for (const [key, value] of Object.entries(facts)) made.setAttribute(key, value);
  if (text) made.textContent = text;
  return made;
}

function addChart(parent, label, height) {
  const box = add(parent, "figure", "fb-x-chart");
  add(box, "figcaption", "", label);
  const svg = draw(box, "svg", {viewBox: `0 0 400 ${height}`, role: "img"});
  return [box, svg];
}

function describe(rows) {
  return rows.map(row => `${row.name}: ${row.said}`).join("; ");
}

function listTicks(high) { // 0 and up to five round numbers above it
  const power = 10 ** Math.floor(Math.log10(high)), step = [0.2, 0.5, 1, 2].map(part => part * power).find(one => high / one < 6);
  return Array.from({length: Math.floor(high / step) + 1}, (_, at) => Number((at * step).toPrecision(6)));
}

function drawOutlets(svg, rows, pick) {
  const high = Math.max(...rows.map(row => row.high ?? row.estimate ?? 0), 1e-9), step = 22, from = 150, width = 240;
  const x = value => from + width * value / high, bottom = rows.length * step + 4;
  svg.replaceChildren();
  svg.setAttribute("viewBox", `0 0 400 ${bottom + 18}`);
  svg.setAttribute("aria-label", describe(rows));
  for (const tick of listTicks(high)) {
    draw(svg, "line", {class: "fb-x-grid", x1: x(tick), x2: x(tick), y1: 4, y2: bottom});
    draw(svg, "text", {x: x(tick), y: bottom + 13, "text-anchor": "middle", class: "fb-x-tick"}, `${tick}`);
  }
  [...rows].sort((one, other) => (other.estimate ?? -1) - (one.estimate ?? -1)).forEach((row, at) => {
    const y = at * step + 14;
    const line = draw(svg, "g", {class: "fb-x-row"});
    draw(line, "title", {}, `${row.name}: ${row.said}${row.note ? `. ${row.note}` : ""}`);
    draw(line, "rect", {x: 0, y: y - step / 2, width: 400, height: step, fill: "transparent"});
    draw(line, "text", {x: from - 10, y: y + 4, "text-anchor": "end"}, row.name.length > 24 ? `${row.name.slice(0, 23)}\u2026` : row.name);
    if (row.estimate === null) return;
    if (row.low !== null) draw(line, "line", {x1: x(row.low), x2: x(row.high), y1: y, y2: y});
    draw(line, "circle", {cx: x(row.estimate), cy: y, r: 4, class: row.low === null ? "fb-x-open" : ""});
    line.addEventListener("click", () => pick(row.name));
  });
}

function drawWeeks(svg, rows) {
  svg.replaceChildren();
  svg.setAttribute("aria-label", describe(rows));
  const known = rows.filter(row => row.estimate !== null && row.name !== "unknown");
  if (!known.length) return;
  const high = Math.max(...known.map(row => row.high ?? row.estimate), 1e-9), days = known.map(row => Date.parse(row.name));
  const span = days[days.length - 1] - days[0], x = at => 40 + 345 * (span ? (days[at] - days[0]) / span : 0.5);
  const y = value => 160 - 148 * value / high;
  for (const tick of listTicks(high)) {
    draw(svg, "line", {class: "fb-x-grid", x1: 32, x2: 392, y1: y(tick), y2: y(tick)});
    draw(svg, "text", {x: 27, y: y(tick) + 4, "text-anchor": "end", class: "fb-x-tick"}, `${tick}`);
  }
  const lacks = row => /\d of \d+ outlets/.test(row.note); // a change there may be one of the collection
  const sure = known.map((row, at) => [row, at]).filter(([row]) => row.low !== null && !lacks(row));
  const band = [...sure.map(([row, at]) => `${x(at)},${y(row.high)}`), ...sure.reverse().map(([row, at]) => `${x(at)},${y(row.low)}`)];
  draw(svg, "polygon", {points: band.join(" ")});
  const line = known.map((row, at) => lacks(row) ? "" : `${x(at)},${y(row.estimate)}`).filter(Boolean);
  draw(svg, "polyline", {points: line.join(" ")});
  known.forEach((row, at) => {
    const dot = draw(svg, "circle", {cx: x(at), cy: y(row.estimate), r: 3, class: lacks(row) ? "fb-x-open" : ""});
    draw(dot, "title", {}, `${row.name}: ${row.said}${row.note ? `. ${row.note}` : ""}`);
  });
  draw(svg, "text", {x: 32, y: 180}, known[0].name);
  if (known.length > 1) draw(svg, "text", {x: 392, y: 180, "text-anchor": "end"}, known[known.length - 1].name);
}

function render({model, el}) {
  const choices = model.get("choices");
  let view = {...model.get("view")}, turn = 0, timer = 0, last = {}, opened = null;
  const root = add(el, "div", "fb fb-explore tex2jax_ignore mathjax_ignore");
  root.dataset.lmSuppressShortcuts = "true";
  root.setAttribute("role", "group");
  root.setAttribute("aria-label", "Explore the corpus");

  const bar = add(root, "div", "fb-x-bar");
  const entryOptions = () => choices.entries[view.codebook];
  choose(bar, "Codebook", Object.keys(choices.entries).map(name => [name, name]), view.codebook, value => {
    view = {...view, codebook: value, entry: choices.entries[value][0][0]};
    fillEntries();
    ask({codebook: value, entry: view.entry, page: 0});
  });
  const field = add(bar, "label", "fb-x-field");
  add(field, "span", "", "Entry");
  const entry = add(field, "input", "fb-x-entry");
  entry.setAttribute("list", `fb-x-${model.model_id || "entries"}`);
  entry.autocomplete = "off";
  const list = add(field, "datalist");
  list.id = entry.getAttribute("list");
  function fillEntries() {
    list.replaceChildren();
    for (const [, label] of entryOptions()) add(list, "option").value = label;
    entry.value = (entryOptions().find(([id]) => id === view.entry) || ["", ""])[1];
  }
  entry.addEventListener("focus", () => entry.select());
  entry.addEventListener("change", () => {
    const given = entry.value.trim().toLowerCase();
    const found = entryOptions().find(([id, label]) => id.toLowerCase() === given || label.toLowerCase() === given) ||
      entryOptions().find(([, label]) => label.toLowerCase().startsWith(given));
    if (!found) return tell(`No entry \u201c${entry.value}\u201d in ${view.codebook}. Choose one of the list.`, true);
    entry.value = found[1];
    ask({entry: found[0], page: 0});
  });
  choose(bar, "Voice", choices.voices.map(name => [name, name === "all" ? "everybody\u2019s" : name]), view.voice, value => ask({voice: value, page: 0}));
  const days = ["start", "end"].map((name, at) => {
    const line = add(bar, "label", "fb-x-field");
    add(line, "span", "", ["From", "To"][at]);
    const made = add(line, "input");
    made.type = "date";
    [made.min, made.max] = choices.days;
    made.value = view[name];
    made.addEventListener("change", () => ask({[name]: made.value, page: 0}));
    return made;
  });
  const outlets = add(bar, "details", "fb-x-outlets");
  const outletsTold = add(outlets, "summary", "", "All outlets");
  const boxes = choices.outlets.map(name => {
    const line = add(outlets, "label");
    const box = add(line, "input");
    box.type = "checkbox";
    add(line, "span", "", name);
    box.addEventListener("change", () => ask({outlets: boxes.filter(([one]) => one.checked).map(([, outlet]) => outlet), page: 0}));
    return [box, name];
  });
  if (choices.outlets.length < 2) outlets.hidden = true;

  const told = add(root, "p", "fb-x-told");
  told.setAttribute("role", "status");
  const charts = add(root, "div", "fb-x-charts");
  const [, outletChart] = addChart(charts, "By outlet, per 1,000 words (a click keeps one)", 120);
  const [weekBox, weekChart] = addChart(charts, "By week, per 1,000 words (hollow: outlets are missing)", 188);

  const lines = makeLines(root, view.sort, ask, hit => {
    opened = hit;
    send({kind: "article", article: hit.article_id});
  });

  const copies = add(root, "div", "fb-x-bar");
  for (const [key, label] of [["code", "Copy as code"], ["command", "Copy as framebook run"]]) {
    const button = add(copies, "button", "", label);
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(last[key]);
        tell(`Copied: ${label.slice(8)}.`);
      } catch {
        offer(key);
      }
    });
  }
  add(copies, "button", "", "Add as a page to plan.yml").addEventListener("click", () => send({kind: "add"}));
  add(copies, "button", "", "Save hits as CSV").addEventListener("click", () => send({kind: "save"}));
  const shown = add(root, "pre", "fb-x-copy");
  shown.hidden = true;
  shown.tabIndex = 0;

  function offer(key) { // what cannot be copied or added by itself is there to be copied by hand
    shown.hidden = false;
    shown.textContent = last[key];
  }

  function tell(text, isFault = false) {
    told.textContent = text;
    root.classList.toggle("fb-x-fault", isFault);
  }

  function send(message) {
    turn += 1;
    root.setAttribute("aria-busy", "true");
    clearTimeout(timer);
    timer = setTimeout(() => tell("The kernel does not answer. Run the cell again.", true), WAIT);
    model.send({turn, ...message});
  }

  function ask(change) {
    if ("voice" in change && change.voice !== "all") tell("Finding who says what: the first time, this takes a while \u2026");
    send({kind: "find", change});
  }

  function receive(answer) {
    if (answer.turn !== turn) return;
    clearTimeout(timer);
    root.removeAttribute("aria-busy");
    if (answer.fault && answer.kind === "add") offer("plan");
    if (answer.fault) return tell(answer.fault, true);
    if (answer.done) return tell(answer.done);
    if (answer.html) {
      const article = lines.openPane(), pane = article.parentNode;
      article.innerHTML = answer.html;
      const here = article.querySelector(`[data-at="${opened.start}"]`);
      if (!here) return;
      here.classList.add("fb-x-here");
      pane.scrollTop += here.getBoundingClientRect().top - pane.getBoundingClientRect().top - pane.clientHeight / 3;
      return;
    }
    view = answer.view;
    last = answer;
    shown.hidden = true;
    tell(answer.told);
    for (const [box, name] of boxes) box.checked = view.outlets.includes(name);
    [days[0].value, days[1].value] = [view.start, view.end];
    outletsTold.textContent = view.outlets.length ? `${view.outlets.length} of ${choices.outlets.length} outlets` : "All outlets";
    drawOutlets(outletChart, answer.outlets, name => ask({outlets: [name], page: 0}));
    weekBox.hidden = answer.weeks.length < 2;
    drawWeeks(weekChart, answer.weeks);
    lines.show(answer);
  }

  model.on("msg:custom", receive);
  fillEntries();
  tell("Preparing \u2026 the first time, a corpus is searched once for each codebook.");
  ask({});
  return () => {
    clearTimeout(timer);
    model.off("msg:custom", receive);
  };
}

export default {render};
