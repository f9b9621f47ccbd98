// A number opens its sentences where the reader is: the page of evidence, in a dialog. Without this script the link leads to that page.
// There, sentences can be searched, and shown as hits in their context by the component that JupyterLab has as well (lines.js).
// On paper, what is folded is open. Nothing here writes text from outside into a page. Jupyter Book puts each script of this folder into the head.
function startEvidence() {
  "use strict";
  const framed = window.self !== window.top;

  function pickTheme() {  // pages of evidence have no theme of their own: the reader's choice in the book, else the system's
    let mode = "auto";
    try { mode = localStorage.getItem("mode") || "auto"; } catch (fault) { /* no storage: the system's */ }
    const dark = mode === "dark" || (mode === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
    document.documentElement.dataset.theme = dark ? "dark" : "light";
  }

  function openFolds(target) {
    for (let node = target; node; node = node.parentElement) if (node.tagName === "DETAILS") node.open = true;
    const own = target && target.querySelector(":scope > details.fb-more");
    if (own) own.open = true;
  }

  function openHash() {
    const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    openFolds(target);
    target.scrollIntoView();
  }

  let dialog, frame, alone, from;
  function makeDialog() {
    dialog = document.createElement("dialog");
    dialog.className = "fb-dialog";
    dialog.setAttribute("aria-label", "The sentences behind this number");
    const bar = dialog.appendChild(document.createElement("p"));
    alone = bar.appendChild(document.createElement("a"));
    alone.textContent = "Open as a page";
    const close = bar.appendChild(document.createElement("button"));
    close.type = "button";
    close.textContent = "Close";
    close.addEventListener("click", () => dialog.close());
    frame = dialog.appendChild(document.createElement("iframe"));
    frame.title = "The sentences behind this number";
    dialog.addEventListener("click", event => { if (event.target === dialog) dialog.close(); });
    // the theme takes this key for its search
    window.addEventListener("keydown", event => { if (event.key === "Escape" && dialog.open) dialog.close(); }, true);
    dialog.addEventListener("close", () => { frame.src = "about:blank"; if (from) from.focus(); });
    document.body.append(dialog);
  }

  function openNumber(event) {
    const link = event.target.closest && event.target.closest('a[href*="evidence/"][href*="#evidence-"]');
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    if (!dialog) makeDialog();
    from = link;
    alone.href = link.href;
    frame.src = link.href;
    dialog.showModal();
  }

  function hear(event) {  // what the page of evidence in the dialog says: that it is done, or the address of the view it shows
    if (!dialog || event.source !== frame.contentWindow) return;
    if (event.data === "fb-close") dialog.close();
    const view = typeof event.data === "string" && event.data.startsWith("fb-view ") && new URL(alone.href);
    if (!view) return;
    [view.search, view.hash] = event.data.slice(8).split("#");
    alone.href = view.href;
  }

  function startExplorer() {  // the view is in the address: a link to it shows the same again
    const {SIZE, add, choose, makeLines} = framebookLines, main = document.getElementById("all");
    const given = new URLSearchParams(location.search), own = document.getElementById(location.hash.slice(1)) || main;
    const view = {as: given.get("as") || "sentences", sort: given.get("sort") || "date", find: given.get("find") || "", page: 0};
    const bar = document.createElement("div"), root = document.createElement("div");
    bar.className = root.className = "fb fb-explore";
    const list = main.firstElementChild;
    main.prepend(bar);
    main.append(root);
    const fields = add(bar, "div", "fb-x-bar"), told = add(bar, "p", "fb-x-told");
    told.setAttribute("role", "status");
    choose(fields, "Show", [["sentences", "sentences"], ["lines", "hits in their context"]], view.as, as => set({as, page: 0}));
    const scope = [[own.id, own === main ? "all on this page" : "this number"], ...(own === main ? [] : [["all", "all on this page"]])];
    const numbers = choose(fields, "Numbers", scope, own.id, id => {
      location.replace(`#${id}`);
      set({page: 0});
    });
    window.addEventListener("hashchange", () => {  // a link on this page leads to all numbers, or back
      numbers.value = location.hash.slice(1);
      set({page: 0});
    });
    const field = add(fields, "label", "fb-x-field"), find = (add(field, "span", "", "Find"), add(field, "input"));
    Object.assign(find, {type: "search", value: view.find});
    find.addEventListener("input", () => set({find: find.value.trim(), page: 0}));
    const lines = makeLines(root, view.sort, set, openArticle);

    const holds = text => text.toLowerCase().includes(view.find.toLowerCase());
    const words = text => text.toLowerCase().match(/[\p{L}\p{M}\p{N}_]+/gu) || ["\uffff"]; // no sign counts; nothing comes last
    const KEYS = {word: hit => words(hit.surface).join(" "), left: hit => words(hit.left).reverse().join(" "), right: hit => words(hit.right).join(" ")};

    function listHits(items) {  // one for each mark, once, also where several numbers count it
      const hits = new Map();
      for (const item of items) {
        const text = item.querySelector("bdi"), from = item.querySelector("cite"), link = from.querySelector("a");
        const [outlet, published] = from.textContent.split(/, (?=[^,]*$)/);
        for (const mark of text.querySelectorAll(":scope > mark")) {
          const before = document.createRange(), after = document.createRange();
          before.setStart(text, 0);
          before.setEndBefore(mark);
          after.setStartAfter(mark);
          after.setEnd(text, text.childNodes.length);
          const hit = {left: before.toString(), surface: mark.textContent, right: after.toString(), outlet, published, link};
          hits.set([link && link.href, from.textContent, hit.left, hit.right].join("\n"), hit);
        }
      }
      const key = KEYS[view.sort] || (hit => Date.parse(hit.published) || Infinity);
      return [...hits.values()].map(hit => [key(hit), hit]).sort(([a], [b]) => (a > b) - (a < b)).map(([, hit]) => hit);
    }

    function openArticle(hit) {  // as much of it as this page shows anywhere
      const pane = lines.openPane(), said = new Set();
      const title = add(pane, "p", "", `${hit.outlet}, ${hit.published}. `);
      if (hit.link) title.append(Object.assign(hit.link.cloneNode(), {textContent: "Open the article"}));
      for (const item of document.querySelectorAll(".fb-evidence li")) {
        const from = item.querySelector("cite"), text = item.querySelector("bdi"), link = from.querySelector("a");
        const same = hit.link ? link && link.href === hit.link.href : from.textContent === `${hit.outlet}, ${hit.published}`;
        if (!same || said.has(text.textContent)) continue;
        said.add(text.textContent);
        add(pane, "p").append(text.cloneNode(true));
      }
      add(pane, "p", "fb-note", "The sentences of this article that this page shows; the rest is the publisher\u2019s.");
    }

    function set(change) {
      Object.assign(view, change);
      const sections = [...main.querySelectorAll("section.fb-behind")].filter(one => location.hash === "#all" || own === main || one.contains(own));
      const found = new Set(sections.flatMap(one => [...one.querySelectorAll("li")]).filter(item => holds(item.textContent)));
      for (const item of main.querySelectorAll("li")) item.hidden = view.find !== "" && !found.has(item);
      const asLines = view.as === "lines", hits = asLines ? listHits(found) : [];
      list.hidden = asLines;
      root.hidden = !asLines;
      lines.closePane();
      view.page = Math.min(Math.max(view.page, 0), Math.max(0, Math.ceil(hits.length / SIZE) - 1));
      lines.show({hits: hits.slice(view.page * SIZE, (view.page + 1) * SIZE), n: hits.length, page: view.page, pages: Math.ceil(hits.length / SIZE) - 1});
      const counted = `${found.size.toLocaleString("en")} sentence${found.size === 1 ? "" : "s"}`;
      told.textContent = view.find ? `${counted} with \u201c${view.find}\u201d` : asLines && sections.length === 1 ? sections[0].querySelector("p").textContent : "";
      const kept = new URLSearchParams(Object.entries({as: asLines && "lines", sort: view.sort !== "date" && view.sort, find: view.find, page: view.page}).filter(([, one]) => one));
      const address = (kept.toString() && `?${kept}`) + location.hash;
      try { history.replaceState(null, "", address || location.pathname); } catch (fault) { /* a file, which has no history */ }
      if (framed) window.parent.postMessage(`fb-view ${address}`, "*");
    }
    set({page: Number(given.get("page")) || 0});
  }

  if (document.body.classList.contains("fb-alone")) {
    pickTheme();
    if (framed) document.body.classList.add("fb-framed");
    // the dialog of the page around is closed from within as well
    document.addEventListener("keydown", event => { if (framed && event.key === "Escape") window.parent.postMessage("fb-close", "*"); });
    startExplorer();
    return;
  }
  for (const layer of document.querySelectorAll(".fb-layer")) {  // links over the points of a figure; the table below has them as well
    const image = layer.closest(".cell")?.previousElementSibling?.querySelector("img");
    if (!image || !layer.querySelector("a")) continue;
    const plate = document.createElement("span");
    plate.className = "fb-plate";
    layer.closest(".cell").hidden = true;
    image.replaceWith(plate);
    plate.append(image, layer);
    for (const link of layer.querySelectorAll("a")) {
      link.title = link.textContent;
      link.tabIndex = -1;
    }
  }
  const main = location.pathname.includes("/codebook-") && document.querySelector("article.bd-article");
  if (main) {  // a codebook can be long: show what holds the words that are typed
    const line = document.createElement("p"), input = document.createElement("input");
    line.className = "fb-filter";
    line.append(Object.assign(document.createElement("label"), {textContent: "Find in this codebook: ", htmlFor: "fb-filter"}), input);
    Object.assign(input, {type: "search", id: "fb-filter"});
    main.querySelector("section table, section section").before(line);
    const rows = [...main.querySelectorAll("details.fb-more tbody tr")];
    const parts = [...main.querySelectorAll("details.fb-more")].map(part => [part, part.closest("section")]);
    input.addEventListener("input", () => {
      const wanted = input.value.trim().toLowerCase(), holds = node => node.textContent.toLowerCase().includes(wanted);
      for (const row of rows) row.hidden = !!wanted && !holds(row);
      for (const [part, section] of parts) {
        section.hidden = !!wanted && !holds(section);
        part.open = !!wanted && !section.hidden;
      }
    });
  }
  document.addEventListener("click", openNumber);
  window.addEventListener("message", hear);
  window.addEventListener("hashchange", openHash);
  window.addEventListener("beforeprint", () => document.querySelectorAll("details:not([open])").forEach(one => { one.open = true; one.dataset.printed = ""; }));
  window.addEventListener("afterprint", () => document.querySelectorAll("details[data-printed]").forEach(one => { one.open = false; delete one.dataset.printed; }));
  openHash();
  if (document.readyState === "complete") document.body.classList.add("fb-loaded");
  else window.addEventListener("load", () => document.body.classList.add("fb-loaded"));
}
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", startEvidence);
else startEvidence();
