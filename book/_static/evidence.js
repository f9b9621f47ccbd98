// A number opens its sentences where the reader is: the page of evidence, in a dialog. Without this script the link leads to that page.
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

  if (document.body.classList.contains("fb-alone")) {
    pickTheme();
    if (framed) document.body.classList.add("fb-framed");
    // the dialog of the page around is closed from within as well
    document.addEventListener("keydown", event => { if (framed && event.key === "Escape") window.parent.postMessage("fb-close", "*"); });
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
  window.addEventListener("message", event => { if (event.data === "fb-close" && dialog && event.source === frame.contentWindow) dialog.close(); });
  window.addEventListener("hashchange", openHash);
  window.addEventListener("beforeprint", () => document.querySelectorAll("details:not([open])").forEach(one => { one.open = true; one.dataset.printed = ""; }));
  window.addEventListener("afterprint", () => document.querySelectorAll("details[data-printed]").forEach(one => { one.open = false; delete one.dataset.printed; }));
  openHash();
}
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", startEvidence);
else startEvidence();
