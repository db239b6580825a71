"use strict";
// Sliders beside the fields of a form: they show what a field says and change it; what follows is worked out by the server.
(() => {
  const form = document.querySelector("form.sliders");
  if (!form) return;

  const digits = value => Number(value.toPrecision(4));

  for (const range of form.querySelectorAll("input[type=range]")) {
    const field = form.elements[range.dataset.for];
    const low = Number(range.dataset.low);
    const high = Number(range.dataset.high);
    const logarithmic = range.dataset.scale === "log";

    const value = place => digits(logarithmic ? low * Math.pow(high / low, place / 1000) : low + (high - low) * place / 1000);

    const place = said => logarithmic
      ? said > 0 ? 1000 * Math.log(said / low) / Math.log(high / low) : 0
      : 1000 * (said - low) / (high - low);

    const show = () => {
      const said = Number(field.value);
      if (Number.isFinite(said)) range.value = String(Math.round(place(said)));
      range.setAttribute("aria-valuetext", field.value);
    };

    // Numbers of the server's form: no exponent, at most twelve digits behind the point.
    const written = number => number.toFixed(12).replace(/\.?0+$/, "");

    range.addEventListener("input", () => {
      field.value = written(value(Number(range.value)));
      range.setAttribute("aria-valuetext", field.value);
    });
    field.addEventListener("input", show);
    show();
    range.hidden = false;
  }
})();
