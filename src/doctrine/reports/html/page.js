"use strict";
// The page is complete without this: it adds filters, the list of all findings, and a theme.
(() => {
  const PAGE = 50;
  const THEMES = ["system", "light", "dark"];
  const root = document.documentElement;

  const stored = () => {
    try {
      return localStorage.getItem("doctrine-theme") || "system";
    } catch {
      return "system"; // Some browsers let no file keep anything.
    }
  };
  const paint = (theme) => {
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
    else delete root.dataset.theme;
  };
  paint(stored()); // Before anything is drawn.

  const $ = (selector, within = document) => within.querySelector(selector);
  const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];
  const counted = (count, noun) => `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;

  // Everything from outside enters the page as text, never as markup.
  const element = (name, attributes = {}, ...children) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  };
  const prose = (text) =>
    text.split(/`([^`]+)`/).map((part, index) => (index % 2 ? element("code", {}, part) : part));

  function theme() {
    const button = $("#theme");
    let current = THEMES.includes(stored()) ? stored() : "system";
    const show = () => {
      button.textContent = `Theme: ${current}`;
      paint(current);
    };
    button.addEventListener("click", () => {
      current = THEMES[(THEMES.indexOf(current) + 1) % THEMES.length];
      try {
        localStorage.setItem("doctrine-theme", current);
      } catch {
        // It holds for this visit.
      }
      show();
    });
    show();
  }

  function clauses() {
    const form = $("#clause-filter");
    if (!form) return { clear() {}, only() {} };
    const rows = $$("tr.clause").map((row) => ({ row, text: row.textContent.toLowerCase() }));
    const groups = $$("#clause-table tbody");
    const toggles = $$("button[aria-pressed]", form);
    const press = (toggle, on) => toggle.setAttribute("aria-pressed", String(on));
    const apply = () => {
      const words = form.elements.text.value.toLowerCase().split(/\s+/).filter(Boolean);
      const level = form.elements.level.value;
      const section = form.elements.section.value;
      const outcomes = toggles
        .filter((toggle) => toggle.getAttribute("aria-pressed") === "true")
        .map((toggle) => toggle.value);
      let shown = 0;
      for (const { row, text } of rows) {
        const { level: has, section: within, outcome } = row.dataset;
        row.hidden = !(
          (!level || has === level) &&
          (!section || within === section) &&
          (!outcomes.length || outcomes.includes(outcome)) &&
          words.every((word) => text.includes(word))
        );
        shown += !row.hidden;
      }
      for (const group of groups) group.hidden = !$("tr.clause:not([hidden])", group);
      $("output", form).textContent =
        shown === rows.length
          ? counted(shown, "clause")
          : `${shown.toLocaleString("en")} of ${counted(rows.length, "clause")}`;
    };
    form.addEventListener("input", apply);
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("reset", () => {
      for (const toggle of toggles) press(toggle, false);
      setTimeout(apply); // The fields are empty only after this event.
    });
    for (const toggle of toggles) {
      toggle.addEventListener("click", () => {
        press(toggle, toggle.getAttribute("aria-pressed") !== "true");
        apply();
      });
    }
    const open = $("[data-open]", form);
    open.addEventListener("click", () => {
      const shown = $$("tr.clause:not([hidden]) .what > details");
      const all = shown.every((one) => one.open);
      for (const one of shown) one.open = !all;
    });
    const clear = () => {
      form.elements.text.value = form.elements.level.value = form.elements.section.value = "";
      for (const toggle of toggles) press(toggle, false);
      apply();
    };
    for (const link of $$("a[data-outcome]")) {
      link.addEventListener("click", () => {
        clear();
        for (const toggle of toggles) press(toggle, toggle.value === link.dataset.outcome);
        apply();
      });
    }
    return { clear };
  }

  // Findings come as columns: `rows.path[i]` is the number of the i-th finding's path in `paths`.
  function findings() {
    const form = $("#finding-filter");
    if (!form) return { go: () => false, only() {} };
    const data = JSON.parse($("#ledger").textContent);
    const { rows } = data;
    const total = rows.fingerprint.length;
    const table = $("#finding-table");
    const pager = $(".pager");
    const chip = $("[data-file]", form);
    const lower = Object.fromEntries(
      ["paths", "messages", "rules"].map((name) => [name, data[name].map((one) => one.toLowerCase())]),
    );
    let file = -1;
    let shown = [];
    let page = 0;

    const tally = (column, size) => {
      const counts = new Uint32Array(size);
      for (const one of column) counts[one]++;
      return counts;
    };
    const offer = (select, entries) => {
      entries.sort((a, b) => b[2] - a[2]);
      for (const [value, words, count] of entries) {
        const text = `${words} (${count.toLocaleString("en")})`;
        select.append(element("option", { value }, text));
      }
    };
    const choices = () => {
      const rules = tally(rows.rule, data.rules.length);
      offer(form.elements.rule, data.rules.map((one, i) => [i, one || "unknown", rules[i]]));
      const standings = tally(rows.standing, data.standings.length);
      offer(form.elements.standing, data.standings.map((one, i) => [i, one, standings[i]]));
      const sets = tally(rows.clauses, data.clauses.length);
      const byClause = new Map();
      data.clauses.forEach((ids, i) => {
        for (const id of new Set(ids)) byClause.set(id, (byClause.get(id) || 0) + sets[i]);
      });
      offer(form.elements.clause, [...byClause].map(([id, count]) => [id, id, count]));
    };

    // Each text is searched once, however many findings share it.
    const matching = () => {
      const words = form.elements.text.value.toLowerCase().split(/\s+/).filter(Boolean);
      const found = words.map((word) => [
        ...["paths", "messages", "rules"].map((name) => lower[name].map((one) => one.includes(word))),
        word,
      ]);
      const clause = form.elements.clause.value;
      const inSet = data.clauses.map((ids) => !clause || ids.includes(clause));
      const rule = form.elements.rule.value;
      const standing = form.elements.standing.value;
      const fresh = form.elements.fresh?.checked;
      const result = [];
      for (let i = 0; i < total; i++) {
        if (file >= 0 && rows.path[i] !== file) continue;
        if (rule && rows.rule[i] !== Number(rule)) continue;
        if (standing && rows.standing[i] !== Number(standing)) continue;
        if (fresh && !rows.fresh[i]) continue;
        if (!inSet[rows.clauses[i]]) continue;
        const holds = ([paths, messages, rules, word]) =>
          paths[rows.path[i]] ||
          messages[rows.message[i]] ||
          rules[rows.rule[i]] ||
          rows.fingerprint[i].startsWith(word);
        if (words.length && !found.every(holds)) continue;
        result.push(i);
      }
      return result;
    };

    const quote = (i) => {
      const lines = data.lines[data.paths[rows.path[i]]];
      const meant = rows.line[i];
      if (!lines || lines[meant] === undefined) return [];
      const pre = element("pre", { class: "quote" });
      for (let number = meant - 1; number <= meant + 1; number++) {
        const text = lines[number];
        if (text === undefined || (number !== meant && !text.trim())) continue;
        const body = element("span", { class: "text" });
        if (number === meant && rows.end[i] > rows.start[i]) {
          const letters = [...text]; // Spans count characters, strings count halves of some.
          const [start, end] = [rows.start[i], rows.end[i]];
          body.append(letters.slice(0, start).join(""));
          body.append(element("mark", {}, letters.slice(start, end).join("")));
          body.append(letters.slice(end).join(""));
        } else body.append(text);
        const kind = number === meant ? "line meant" : "line";
        pre.append(
          element("span", { class: kind }, element("span", { class: "number" }, String(number)), body),
        );
      }
      return [pre];
    };
    const references = (ids) =>
      ids.flatMap((id, index) => {
        const known = document.getElementById(id)?.classList.contains("clause");
        return [index ? ", " : "", known ? element("a", { href: `#${id}` }, id) : id];
      });
    const row = (i) => {
      const print = rows.fingerprint[i];
      const line = rows.line[i] ? `${rows.line[i]}:${rows.column[i]}` : "file";
      const told = element("td", { class: "what" }, element("p", {}, ...prose(data.messages[rows.message[i]])));
      const notes = [...(rows.fresh[i] ? ["new"] : []), data.standings[rows.standing[i]]];
      if (data.fixes[rows.fix[i]]) notes.push(`fix: ${data.fixes[rows.fix[i]]}`);
      told.append(...quote(i), element("p", { class: "note" }, notes.join(" · ")));
      const made = element(
        "tr",
        { class: "finding", id: `finding-${print}`, tabindex: "-1" },
        element("th", { scope: "row" }, element("a", { href: `#${encodeURIComponent(print)}` }, line)),
        told,
        element("td", {}, ...references(data.clauses[rows.clauses[i]])),
        element("td", { class: "rule" }, data.rules[rows.rule[i]]),
      );
      return made;
    };
    const draw = () => {
      for (const old of $$("tbody", table)) old.remove();
      const start = page * PAGE;
      const end = Math.min(start + PAGE, shown.length);
      let body = null;
      let path = -1;
      for (const i of shown.slice(start, end)) {
        if (rows.path[i] !== path) {
          path = rows.path[i];
          const name = data.paths[path] === "." ? "the project" : data.paths[path];
          const head = element("th", { scope: "rowgroup", colspan: "4" }, element("span", { class: "where" }, name));
          body = element("tbody", {}, element("tr", {}, head));
          table.append(body);
        }
        body.append(row(i));
      }
      const [before, after] = $$("button", pager);
      before.disabled = page === 0;
      after.disabled = end >= shown.length;
      $("span", pager).textContent = shown.length
        ? `${(start + 1).toLocaleString("en")} to ${end.toLocaleString("en")} of ${shown.length.toLocaleString("en")}`
        : "nothing to show";
    };
    const apply = () => {
      shown = matching();
      page = 0;
      chip.hidden = file < 0;
      if (file >= 0) chip.textContent = `In ${data.paths[file]}: show all files`;
      $("output", form).textContent =
        shown.length === total
          ? counted(total, "finding")
          : `${shown.length.toLocaleString("en")} of ${counted(total, "finding")}`;
      draw();
    };
    const clear = () => {
      file = -1;
      for (const name of ["text", "clause", "rule", "standing"]) form.elements[name].value = "";
      if (form.elements.fresh) form.elements.fresh.checked = false;
    };

    choices();
    form.addEventListener("input", apply);
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("reset", (event) => {
      event.preventDefault();
      clear();
      apply();
    });
    chip.addEventListener("click", () => {
      file = -1;
      apply();
      form.elements.text.focus();
    });
    for (const button of $$("button", pager)) {
      button.addEventListener("click", () => {
        page += Number(button.dataset.step);
        draw();
        table.scrollIntoView();
        if (button.disabled) $("button:not(:disabled)", pager)?.focus({ preventScroll: true });
      });
    }
    apply();
    return {
      only(query) {
        clear();
        form.elements.clause.value = query.get("clause") || "";
        if (form.elements.fresh) form.elements.fresh.checked = query.has("new");
        file = query.has("file") ? data.paths.indexOf(query.get("file")) : -1;
        apply();
        $("#findings").scrollIntoView();
        $("#findings").focus({ preventScroll: true });
      },
      go(print) {
        const i = rows.fingerprint.indexOf(print);
        if (i < 0) return false;
        if (!shown.includes(i)) {
          clear();
          apply();
        }
        page = Math.floor(shown.indexOf(i) / PAGE);
        draw();
        const made = document.getElementById(`finding-${print}`);
        made.classList.add("sought");
        made.scrollIntoView({ block: "center" });
        made.focus({ preventScroll: true });
        return true;
      },
    };
  }

  function follow(clauseList, findingList) {
    const go = () => {
      const raw = location.hash.slice(1);
      if (raw.startsWith("findings?")) {
        findingList.only(new URLSearchParams(raw.slice("findings?".length)));
        return;
      }
      let name = raw;
      try {
        name = decodeURIComponent(raw);
      } catch {
        // No address of ours has a stray percent sign.
      }
      const target = name ? document.getElementById(name) : null;
      if (!target) {
        if (name) findingList.go(name);
        return;
      }
      if (target.closest("tr.clause, #clause-table tbody")?.hidden || target.closest("tbody")?.hidden) {
        clauseList.clear();
      }
      const details = target.matches("tr.clause") ? $("details", target) : target.closest("details");
      if (details) details.open = true;
      target.scrollIntoView();
    };
    addEventListener("hashchange", go);
    // A link to where one is already changes no address, and is followed all the same.
    document.addEventListener("click", (event) => {
      const link = event.target.closest?.("a[href^='#']");
      if (link && link.hash && link.hash === location.hash) setTimeout(go);
    });
    go();
  }

  function printing() {
    let opened = [];
    addEventListener("beforeprint", () => {
      opened = $$("details:not([open])");
      for (const one of opened) one.open = true;
    });
    addEventListener("afterprint", () => {
      for (const one of opened) one.open = false;
      opened = [];
    });
  }

  function keys() {
    document.addEventListener("keydown", (event) => {
      const typing = event.target.closest?.("input, select, textarea");
      if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
      const field = $("#clause-filter input");
      if (!field) return;
      event.preventDefault();
      field.focus();
    });
  }

  document.addEventListener("DOMContentLoaded", () => {
    for (const one of $$("[data-script]")) one.hidden = false;
    for (const one of $$("[data-no-script]")) one.hidden = true;
    theme();
    printing();
    keys();
    const clauseList = clauses();
    // The first view is drawn before the many findings are read.
    requestAnimationFrame(() => setTimeout(() => follow(clauseList, findings())));
  });
})();
