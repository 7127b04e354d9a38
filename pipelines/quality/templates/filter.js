"use strict";
(() => {
  const text = document.getElementById("sok"), tier = document.getElementById("niva");
  const count = document.getElementById("treff"), form = document.getElementById("filter");
  form.hidden = false;
  const folded = s => s.toLocaleLowerCase("nb");
  const opened = new Set();
  function apply() {
    const wanted = folded(text.value.trim()), level = tier.value;
    let rows = 0, checks = 0;
    for (const block of document.querySelectorAll("details.kontroll")) {
      const right = !level || block.dataset.niva === level;
      const named = !wanted || folded(block.querySelector("summary").textContent).includes(wanted);
      let own = 0;
      for (const row of block.querySelectorAll("tr.rad")) {
        const hit = !wanted || named || folded(row.textContent).includes(wanted);
        row.hidden = !hit;
        if (hit) own += 1;
      }
      block.hidden = !right || (!named && own === 0);
      if (block.hidden) continue;
      checks += 1;
      rows += own;
      if (wanted && !named && own && !block.open) { block.open = true; opened.add(block); }
    }
    if (!wanted) { for (const block of opened) block.open = false; opened.clear(); }
    count.textContent = wanted || level ? `${checks} kontroller, ${rows} viste rader` : "";
  }
  text.addEventListener("input", apply);
  tier.addEventListener("change", apply);
  document.getElementById("alle").addEventListener("click", event => {
    const open = event.target.getAttribute("aria-pressed") !== "true";
    event.target.setAttribute("aria-pressed", String(open));
    event.target.textContent = open ? "Lukk alle" : "Åpne alle";
    for (const block of document.querySelectorAll("details.kontroll")) if (!block.hidden) block.open = open;
  });
  const follow = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target && target.matches("details")) target.open = true;
  };
  addEventListener("hashchange", follow);
  follow();
  let shut = [];
  addEventListener("beforeprint", () => {
    shut = [...document.querySelectorAll("details.kontroll:not([open])")].filter(d => !d.hidden);
    for (const d of shut) d.open = true;
  });
  addEventListener("afterprint", () => { for (const d of shut) d.open = false; });
})();
