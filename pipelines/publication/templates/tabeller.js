"use strict";
// Tables with more than twenty rows: sorted by a press on a heading, searched by a field above. Rows stay below the
// heading row (`owner`) that they stand under. Without script the tables are as they were written.
(() => {
  const MOST = 20;
  const letters = new Intl.Collator("nb", { numeric: true, sensitivity: "base" });
  const folded = text => text.toLocaleLowerCase("nb");

  // What is compared: a number as Norwegians write it, a date, or text; null where there is nothing.
  const value = (cell, numeric) => {
    // Of a cell that holds several measures the one that is shown.
    const text = (cell ? (cell.querySelector("span") ? cell.innerText : cell.textContent) : "").trim();
    if (numeric) {
      const found = text.replace(/\u2212/g, "-").match(/[-+]?\d[\d\s\u00a0\u202f]*(?:,\d+)?/);
      return found ? Number(found[0].replace(/[\s\u00a0\u202f]/g, "").replace(",", ".")) : null;
    }
    const day = text.match(/^(\d\d)\.(\d\d)\.(\d{4})/);
    return day ? day[3] + day[2] + day[1] : text === "" || text === "–" ? null : text;
  };

  // The headings that stand over one column, each with the column's number.
  const headings = head => {
    const taken = [], found = [];
    [...head.rows].forEach((row, y) => {
      let x = 0;
      for (const cell of row.cells) {
        while (taken[y] && taken[y][x]) x += 1;
        for (let dy = 0; dy < cell.rowSpan; dy += 1)
          for (let dx = 0; dx < cell.colSpan; dx += 1) (taken[y + dy] = taken[y + dy] || [])[x + dx] = true;
        const isLast = y + cell.rowSpan >= head.rows.length;
        if (cell.colSpan === 1 && isLast && cell.textContent.trim() && !cell.querySelector("a, button, input"))
          found.push([cell, x]);
        x += cell.colSpan;
      }
    });
    return found;
  };

  const at = (row, column) => {
    let x = 0;
    for (const cell of row.cells) {
      if (x === column) return cell;
      x += cell.colSpan;
    }
    return null;
  };

  // The rows of a body in blocks: a heading row, if there is one, and what stands under it.
  const blocks = body => {
    const found = [{ head: null, rows: [] }];
    for (const row of body.rows)
      if (row.classList.contains("owner")) found.push({ head: row, rows: [] });
      else found[found.length - 1].rows.push(row);
    return found;
  };

  const sortable = (table, bodies) => {
    const columns = headings(table.tHead);
    let now = null;
    const sort = () => {
      for (const body of bodies)
        for (const block of body) {
          const order = [...block.rows];
          if (now) {
            const keys = new Map(order.map(row => [row, value(at(row, now.column), now.numeric)]));
            order.sort((a, b) => {
              const [one, other] = [keys.get(a), keys.get(b)];
              if (one === null || other === null) return (one === null) - (other === null);
              return now.sign * (now.numeric ? one - other : letters.compare(one, other));
            });
          }
          let last = block.head;
          for (const row of order) {
            if (last) last.after(row); else if (block.rows.length) block.parent.prepend(row);
            last = row;
          }
        }
    };
    for (const [cell, column] of columns) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "sorter";
      button.append(...cell.childNodes);
      cell.append(button);
      const numeric = cell.classList.contains("n");
      button.addEventListener("click", () => {
        const first = numeric ? -1 : 1;
        const same = now && now.column === column;
        now = same && now.sign !== first ? null : { column, numeric, sign: same ? -first : first };
        for (const [other] of columns) other.removeAttribute("aria-sort");
        if (now) cell.setAttribute("aria-sort", now.sign > 0 ? "ascending" : "descending");
        sort();
      });
    }
    return sort;
  };

  const searchable = (table, bodies, sort) => {
    const line = document.createElement("div"), label = document.createElement("label");
    const field = document.createElement("input"), count = document.createElement("output");
    line.className = "finn";
    field.type = "search";
    field.autocomplete = "off";
    label.append("Søk i tabellen", field);
    const hint = document.createElement("span");
    hint.textContent = "Trykk på en overskrift for å sortere.";
    count.setAttribute("aria-live", "polite");
    line.append(label, hint, count);
    // A table in a form is not sent by a press on Enter here.
    field.addEventListener("keydown", event => { if (event.key === "Enter") event.preventDefault(); });
    field.addEventListener("input", () => {
      const wanted = folded(field.value.trim());
      const fits = row => !wanted || folded(row.textContent).includes(wanted);
      let shown = 0, of = 0;
      for (const body of bodies)
        for (const block of body) {
          const named = block.head && fits(block.head);
          let own = 0;
          for (const row of block.rows) {
            const hit = named || fits(row);
            row.classList.toggle("utenfor", !hit);
            own += hit;
          }
          if (block.head) block.head.classList.toggle("utenfor", own === 0 && !named);
          shown += own;
          of += block.rows.length;
        }
      const sums = table.tFoot ? "; summen er av alle" : "";
      count.textContent = wanted ? `${shown} av ${of} rader${sums}` : "";
      if (!wanted) sort();
    });
    const frame = table.closest(".scroll, .wide") || table;
    frame.before(line);
  };

  for (const table of document.querySelectorAll("table")) {
    const all = [...table.tBodies];
    if (!table.tHead || all.some(body => body.querySelector("[rowspan]"))) continue;
    if (all.reduce((sum, body) => sum + body.rows.length, 0) <= MOST) continue;
    const bodies = all.map(body => blocks(body).map(block => ({ ...block, parent: body })));
    const sort = sortable(table, bodies);
    // The rows of a check in a hospital's report have the search of the page.
    if (!table.closest("details.kontroll")) searchable(table, bodies, sort);
  }
})();
