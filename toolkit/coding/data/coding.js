// Shows one question after another, and sends each keystroke to Python, which saves it and sends it back. An answer counts, and the next
// question is shown, only then. Text from outside is only ever set as textContent.
const KEYS = {y: "y", n: "n", u: "u", b: "back", ArrowLeft: "back", ArrowRight: "on"};
const LABELS = {y: "yes", n: "no", u: "unsure"};
const ANSWERS = [["y", "Yes", "y"], ["n", "No", "n"], ["u", "Unsure", "u"]];
const MOVES = [["back", "Back", "\u2190"], ["on", "On", "\u2192"]];
const WAIT = 4000; // milliseconds until the kernel is taken for dead
const PACE = 40; // the coder's pace is the median of so many answers back: pauses are few, and long
const LOST = "Not saved: the kernel does not answer, or the file cannot be written. Run the cell again; all answers before this one are saved.";

const {add} = framebookLines; // of data/lines.js, which comes before

function addLive(parent, name) {
  const made = add(parent, "div", name); // read out whole when it changes
  made.setAttribute("aria-live", "polite");
  made.setAttribute("aria-atomic", "true");
  return made;
}

function writeLeft(questions, nLeft) {
  const times = questions.filter(one => one.label && one.coded_at).map(one => Date.parse(one.coded_at)).sort((a, b) => a - b).slice(-PACE);
  const waits = times.slice(1).map((time, at) => time - times[at]).sort((a, b) => a - b);
  if (waits.length < 3 || nLeft === 0) return "";
  const minutes = Math.max(1, Math.round(waits[waits.length >> 1] * nLeft / 60000));
  return ` \u00b7 about ${minutes < 60 ? "" : `${Math.floor(minutes / 60)} h `}${minutes % 60} min left`;
}

function render({model, el}) {
  const root = add(el, "div", "fb fb-coding tex2jax_ignore mathjax_ignore");
  root.tabIndex = 0;
  root.setAttribute("role", "group");
  root.setAttribute("aria-label", "Coding: y yes, n no, u unsure, b back, arrow right on, m note");
  root.dataset.lmSuppressShortcuts = "true"; // m and y are JupyterLab's own keys for the cell

  const head = add(root, "div", "fb-c-head");
  const progress = add(head, "progress");
  progress.setAttribute("aria-label", "Answered");
  const count = add(head, "span", "fb-c-count");
  const asked = addLive(root, "fb-c-asked");
  const question = add(asked, "p", "fb-c-question");
  const meaning = add(asked, "p", "fb-c-meaning");
  const before = add(root, "p", "fb-c-near");
  const read = addLive(root, "fb-c-read");
  const text = add(read, "p", "fb-c-text");
  const after = add(root, "p", "fb-c-near");
  const said = add(root, "p", "fb-c-said");
  for (const one of [before, text, after]) one.dir = "auto";

  const row = add(root, "div", "fb-c-row");
  const places = [add(row, "div", "fb-c-answers"), add(row, "div", "fb-c-move")];
  const buttons = [ANSWERS, MOVES].flatMap((listed, place) => listed.map(([key, label, sign]) => {
    const button = add(places[place], "button");
    button.type = "button";
    add(button, "span", "", label);
    add(button, "kbd", "", sign).setAttribute("aria-hidden", "true");
    button.addEventListener("click", () => press(key));
    return [key, button];
  }));
  const noted = add(root, "label", "fb-c-note");
  add(noted, "span", "", "Note");
  add(noted, "kbd", "", "m").setAttribute("aria-hidden", "true");
  const note = add(noted, "input");
  note.type = "text";
  note.autocomplete = "off";
  const told = add(root, "p", "fb-c-told");
  told.setAttribute("role", "status");

  const questions = model.get("questions"), n = questions.length;
  let at = -1, waiting = "", turn = 0, timer = 0;

  function findNext() {
    for (let step = 1; step <= n; step += 1) {
      const place = (at + step + n) % n;
      if (!questions[place].label) return place;
    }
    return n; // all have an answer
  }

  function tellLost() {
    waiting = "";
    root.classList.add("fb-c-lost");
    told.textContent = LOST;
  }

  function send(label, kind) {
    if (at >= n || waiting === "answer") return; // no answer to a question that is not shown yet
    waiting = kind;
    turn = Math.random(); // which keystroke is the last; the same widget may be shown twice
    clearTimeout(timer);
    timer = setTimeout(tellLost, WAIT);
    try {
      model.send({at, label, note: note.value, turn, kind});
    } catch {
      tellLost();
    }
  }

  function press(key) {
    if (LABELS[key]) send(LABELS[key], "answer");
    else if (waiting !== "answer") show(Math.min(Math.max(at + (key === "on" ? 1 : -1), 0), n));
  }

  function receive(saved) {
    Object.assign(questions[saved.at], saved);
    if (saved.turn !== turn) return show(at);
    clearTimeout(timer);
    waiting = "";
    show(saved.kind === "answer" ? findNext() : at);
  }

  function show(place) {
    const isNew = place !== at;
    at = place;
    const one = questions[at] || {};
    const nCoded = questions.filter(question => question.label).length;
    root.classList.remove("fb-c-lost");
    progress.max = n || 1;
    progress.value = nCoded;
    count.textContent = `${nCoded} of ${n}${n ? ` \u00b7 coder ${questions[0].coder}` : ""}${writeLeft(questions, n - nCoded)}`;
    question.textContent = one.question || (n ? `All ${n} answers are saved in ${model.get("file")}.` : "There is nothing to ask.");
    for (const [line, name] of [[meaning, "meaning"], [before, "before"], [text, "text"], [after, "after"], [said, "said"]]) {
      line.textContent = one[name] || "";
    }
    told.textContent = [model.get("told"), at < n ? `Every key is saved in ${model.get("file")}` : ""].filter(Boolean).join(" \u00b7 ");
    for (const [key, button] of buttons) {
      if (LABELS[key]) button.setAttribute("aria-pressed", String(LABELS[key] === one.label));
      button.setAttribute("aria-disabled", String(key === "back" ? at === 0 : at >= n));
    }
    note.disabled = at >= n;
    if (isNew) note.value = one.note || ""; // not while it is being written
  }

  root.addEventListener("keydown", event => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const name = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (event.target === note) {
      if (name !== "Enter" && name !== "Escape") return;
      root.focus();
    } else if (name === "m") {
      note.focus();
    } else if (!KEYS[name]) {
      return;
    } else if (!event.repeat || !LABELS[KEYS[name]]) { // a key held down is one answer
      press(KEYS[name]);
    }
    event.preventDefault();
    event.stopPropagation();
  });
  note.addEventListener("input", () => send(questions[at].label, "note"));
  model.on("msg:custom", receive);
  show(findNext());
  const ready = setTimeout(() => root.focus(), 0); // the cell was run in order to code
  return () => {
    clearTimeout(timer);
    clearTimeout(ready);
    model.off("msg:custom", receive);
  };
}

export default {render};
