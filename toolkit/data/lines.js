// Hits in their context, a line each, sorted, twenty at a time, and a pane for the article of one: the same in JupyterLab and in the book.
// Text from outside is only ever set as textContent.
const framebookLines = (() => {
  "use strict";
  const SORTS = {date: "date", word: "the word", left: "the words before", right: "the words after"};
  const SIZE = 20; // lines shown at once

  function add(parent, tag, name = "", text = "") {
    const made = parent.appendChild(document.createElement(tag));
    if (name) made.className = name;
    made.textContent = text;
    return made;
  }

  function choose(parent, label, options, value, change) {
    const line = add(parent, "label", "fb-x-field");
    add(line, "span", "", label);
    const made = add(line, "select");
    for (const [key, text] of options) add(made, "option", "", text).value = key;
    made.value = value;
    made.addEventListener("change", () => change(made.value));
    return made;
  }

  // `ask` is called with the sort or page that is wanted, `open` with the hit of which the article is.
  function makeLines(root, sort, ask, open) {
    let page = 0, from = null;
    const head = add(root, "div", "fb-x-bar");
    choose(head, "Sort by", Object.entries(SORTS), sort, value => ask({sort: value, page: 0}));
    const pager = add(head, "div", "fb-x-pager");
    const back = add(pager, "button", "", `\u2190 ${SIZE} before`);
    const where = add(pager, "span");
    const on = add(pager, "button", "", `${SIZE} more \u2192`);
    back.type = on.type = "button";
    back.addEventListener("click", () => ask({page: page - 1}));
    on.addEventListener("click", () => ask({page: page + 1}));
    const panes = add(root, "div", "fb-x-panes");
    const scroll = add(panes, "div", "fb-x-scroll");
    scroll.tabIndex = 0;
    scroll.setAttribute("role", "region");
    scroll.setAttribute("aria-label", "Hits in their context");
    const table = add(scroll, "table");
    const pane = add(panes, "div", "fb-x-article");
    pane.hidden = true;

    function show({hits, n, page: at, pages}) {
      page = at;
      closePane();
      table.replaceChildren();
      add(table, "caption", "fb-x-hidden", "Hits in their context");
      const line = add(add(table, "thead"), "tr");
      for (const name of ["before", "hit", "after", "from"]) add(line, "th", "", name).scope = "col";
      const body = add(table, "tbody");
      for (const hit of hits) {
        const row = add(body, "tr");
        add(add(row, "td", "fb-x-left"), "bdi", "", hit.left); // cut at its far end, not beside the hit
        const button = add(add(row, "td", "fb-x-hit"), "button", "", hit.surface);
        button.type = "button";
        button.title = `${hit.surface}: open the article`;
        button.addEventListener("click", () => { from = button; open(hit); });
        add(add(row, "td"), "bdi", "", hit.right);
        add(row, "td", "fb-x-from", `${hit.published} ${hit.outlet}`);
      }
      where.textContent = n ? `${at * SIZE + 1}\u2013${at * SIZE + hits.length} of ${n.toLocaleString("en")}` : "no hits";
      back.disabled = at === 0;
      on.disabled = at >= pages;
    }

    function closePane() {
      pane.hidden = true;
      panes.append(pane);
      for (const row of table.querySelectorAll(".fb-x-under")) row.remove();
    }

    function openPane() {  // where the article goes: beside the lines, or where there is no room right after the line
      closePane();
      pane.replaceChildren();
      const close = add(pane, "button", "", "Close");
      close.type = "button";
      close.addEventListener("click", () => {
        closePane();
        if (from) from.focus();
      });
      pane.hidden = false;
      if (from && pane.offsetTop >= scroll.offsetTop + scroll.offsetHeight) {
        const under = document.createElement("tr");
        under.className = "fb-x-under";
        const cell = add(under, "td");
        cell.colSpan = 4;
        cell.append(pane);
        from.closest("tr").after(under);
      }
      close.focus();
      return add(pane, "div");
    }

    return {show, openPane, closePane};
  }

  return {SIZE, SORTS, add, choose, makeLines};
})();
