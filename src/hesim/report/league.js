// Draws the league of arms; data and controls stand beside it in the page.
(() => {
  const data = JSON.parse(document.getElementById("league-data").textContent);
  const choose = document.getElementById("league-outcome");
  const where = document.getElementById("league-scenario");
  const place = document.getElementById("league-chart");
  const told = document.getElementById("league-told");
  const unique = key => [...new Set(data.map(row => row[key]))];
  const titles = new Map(data.map(row => [row.outcome, row.outcome_title]));
  const fill = (select, names) => names.forEach(name => select.add(new Option(titles.get(name) ?? name.replaceAll("_", " "), name)));
  fill(choose, unique("outcome")); fill(where, unique("scenario"));
  choose.value = place.dataset.outcome;
  where.parentElement.hidden = unique("scenario").length < 2;
  const number = x => x === null ? "not known" : x.toLocaleString("en", {maximumFractionDigits: 2, signDisplay: "exceptZero"});
  const make = (name, facts, parent) => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const key in facts) made.setAttribute(key, facts[key]);
    parent.append(made); return made;
  };
  const short = name => name.length > 46 ? name.slice(0, 45) + "\u2026" : name;
  // An arm of several levers has a line for each, so that no two arms look alike.
  const lines = row => row.title.split(" + ").map((name, k) => short((k ? "+ " : "") + name));
  const tall = row => 15 * lines(row).length + 9;
  const draw = () => {
    const rows = data.filter(row => row.outcome === choose.value && row.scenario === where.value)
      .sort((a, b) => b.mean - a.mean);
    place.textContent = "";
    const left = 320, width = 860, height = rows.reduce((sum, row) => sum + tall(row), 0) + 46;
    const svg = make("svg", {viewBox: `0 0 ${width} ${height}`, role: "img"}, place);
    make("title", {}, svg).textContent = `${titles.get(choose.value)}: change against the baseline by arm`;
    const ends = rows.flatMap(row => [row.low ?? row.mean, row.high ?? row.mean, 0]);
    let low = Math.min(...ends), high = Math.max(...ends);
    const room = (high - low || 1) * 0.06; low -= room; high += room;
    const x = value => left + (value - low) / (high - low) * (width - left - 16);
    const step = 10 ** Math.floor(Math.log10((high - low) / 4));
    const gap = step * ([1, 2, 5, 10].find(k => (high - low) / (k * step) <= 7));
    for (let tick = Math.ceil(low / gap) * gap; tick <= high; tick += gap) {
      make("line", {x1: x(tick), x2: x(tick), y1: 6, y2: height - 36, stroke: Math.abs(tick) < gap / 9 ? "#000" : "#ddd"}, svg);
      make("text", {x: x(tick), y: height - 22, "text-anchor": "middle", "font-size": 12}, svg).textContent = +tick.toPrecision(6);
    }
    make("text", {x: (left + width) / 2, y: height - 5, "text-anchor": "middle", "font-size": 12}, svg).textContent = rows.length ? rows[0].unit : "";
    let top = 8;
    rows.forEach(row => {
      const names = lines(row), y = top + tall(row) / 2, sure = row.low !== null && (row.low > 0 || row.high < 0);
      const group = make("g", {tabindex: 0}, svg);
      const text = `${row.title}: ${number(row.mean)} ${row.unit}, 95% interval ${number(row.low)} to ${number(row.high)}; ${row.grade}${sure ? "" : "; not distinguishable from zero"}`;
      make("title", {}, group).textContent = text;
      make("rect", {x: 0, y: top, width, height: tall(row), fill: "transparent"}, group);
      names.forEach((name, k) => {
        const at = y + 4 + 15 * (k - (names.length - 1) / 2);
        make("text", {x: left - 10, y: at, "text-anchor": "end", "font-size": 12.5}, group).textContent = name;
      });
      top += tall(row);
      if (row.low !== null) make("line", {x1: x(row.low), x2: x(row.high), y1: y, y2: y, stroke: "#0072B2", "stroke-width": 2}, group);
      make("circle", {cx: x(row.mean), cy: y, r: 5, fill: sure ? "#0072B2" : "#fff", stroke: "#0072B2", "stroke-width": 2}, group);
      const tell = () => { told.textContent = text; };
      group.addEventListener("mouseenter", tell); group.addEventListener("focus", tell);
    });
  };
  // The still league is for paper, and for browsers without scripts.
  addEventListener("DOMContentLoaded", () =>
    document.getElementById("league-still")?.classList.add("on-paper"));
  choose.addEventListener("change", draw); where.addEventListener("change", draw); draw();
})();
