"use strict";
// Draws a run's figures as they come.
(() => {
  const place = document.getElementById("curves");
  if (!place || typeof EventSource === "undefined") return;
  const MOST_ROWS = 200;
  const details = document.getElementById("figures");
  const steps = [];
  const curves = [...place.querySelectorAll("[data-curve]")].map(figure => ({ figure, name: figure.dataset.curve, values: [], plot: null }));
  let due = false;

  // A colour that depends on the scheme is told by an element that has it.
  const resolved = name => {
    const probe = document.createElement("span");
    probe.className = name;
    document.body.append(probe);
    const found = getComputedStyle(probe).color;
    probe.remove();
    return found;
  };

  const plot = curve => {
    const axis = { stroke: resolved("ink-muted"), grid: { stroke: resolved("ink-faint"), width: 1 }, ticks: { show: false }, font: "12px system-ui", size: 62 };
    const options = {
      width: Math.max(240, curve.figure.clientWidth), height: 190, legend: { show: false }, cursor: { points: { size: 6 } },
      scales: { x: { time: false } },
      axes: [{ ...axis, size: 28 }, { ...axis, values: (_, ticks) => ticks.map(tick => String(Number(tick.toPrecision(3)))) }],
      series: [{}, { stroke: resolved("ink-curve"), width: 1.8, points: { show: false } }],
    };
    return new uPlot(options, [steps, curve.values], curve.figure.querySelector(".curve"));
  };

  const shown = value => value === undefined || value === null ? "–" : Number.isInteger(value) ? value.toLocaleString("en") : value.toPrecision(4);

  const row = (kind, texts) => {
    const made = document.createElement("tr");
    for (const text of texts) {
      const cell = document.createElement(kind);
      if (kind === "th") cell.scope = "col";
      cell.textContent = text;
      made.append(cell);
    }
    return made;
  };

  // As many steps as somebody reads, evenly, the last among them.
  const fill = known => {
    details.hidden = known.length === 0;
    if (!details.open) return;
    const every = Math.max(1, Math.ceil(steps.length / MOST_ROWS));
    const rows = [];
    for (let i = (steps.length - 1) % every; i >= 0 && i < steps.length; i += every) {
      rows.push(row("td", [shown(steps[i]), ...known.map(curve => shown(curve.values[i]))]));
    }
    details.querySelector("thead").replaceChildren(row("th", ["step", ...known.map(curve => curve.name)]));
    details.querySelector("tbody").replaceChildren(...rows);
  };

  const drawn = () => curves.filter(curve => curve.values.some(value => value !== null));

  const draw = () => {
    due = false;
    const known = drawn();
    fill(known);
    // All have their places before any is measured.
    for (const curve of known) curve.figure.hidden = false;
    for (const curve of known) {
      if (curve.plot === null) curve.plot = plot(curve);
      else curve.plot.setData([steps, curve.values]);
    }
  };

  const soon = () => {
    if (!due) {
      due = true;
      requestAnimationFrame(draw);
    }
  };

  details.addEventListener("toggle", () => fill(drawn()));

  const source = new EventSource(place.dataset.events);
  source.addEventListener("step", event => {
    const step = JSON.parse(event.data);
    steps.push(step.step);
    for (const curve of curves) curve.values.push(step[curve.name] ?? null);
    for (const figure of document.querySelectorAll("[data-figure]")) figure.textContent = shown(step[figure.dataset.figure]);
    soon();
  });
  source.addEventListener("again", () => {
    steps.length = 0;
    for (const curve of curves) curve.values.length = 0;
    soon();
  });
  source.addEventListener("end", () => {
    document.getElementById("state").textContent = "finished";
    source.close();
  });
  // Nobody is signed in any more: the page leads to where one does.
  source.addEventListener("out", () => { source.close(); location.reload(); });
  source.addEventListener("full", () => source.close());
  addEventListener("resize", () => curves.forEach(curve => curve.plot?.setSize({ width: Math.max(240, curve.figure.clientWidth), height: 190 })));
})();
