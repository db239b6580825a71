"use strict";
// Labelling by keys: each is a button, which it presses, or a field, to which it goes. The next call begins at its heading.
(() => {
  let going = 0;

  const isTyping = target => target.closest("input, textarea, select, [contenteditable]") !== null;
  const head = () => document.getElementById("label-head");
  const begin = () => { head()?.focus(); scrollTo(0, 0); };

  document.addEventListener("keydown", event => {
    const field = event.target.closest("#label textarea");
    if (field && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      field.form.requestSubmit();
      return;
    }
    if (event.key === "Escape" && isTyping(event.target)) {
      head()?.focus();
      return;
    }
    if (document.body.dataset.shortcuts === "off") return;
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (document.querySelector("dialog[open]") !== null) return;
    if (event.key === "g") {
      going = Date.now();
      return;
    }
    // After "g" a letter goes to a section.
    if (going > 0 && Date.now() - going < 1500) {
      going = 0;
      return;
    }
    if (event.key === "h" || event.key === "?") {
      event.preventDefault();
      event.stopImmediatePropagation();
      document.getElementById("label-help")?.showModal();
      return;
    }
    const label = document.getElementById("label");
    // A key that is held down, or pressed while an answer is on its way, says nothing.
    if (event.repeat || label === null || label.querySelector(".htmx-request") !== null) return;
    const place = [...label.querySelectorAll("[data-goto]")].find(one => one.dataset.goto === event.key);
    const button = [...label.querySelectorAll("[data-say]")].find(one => one.dataset.say === event.key);
    if (place) {
      event.preventDefault();
      place.focus();
      place.select();
    } else if (button) {
      event.preventDefault();
      button.click();
    }
  }, true);

  document.addEventListener("htmx:afterSettle", event => { if (event.detail.elt?.id === "label" || event.target.id === "label") begin(); });
  document.addEventListener("htmx:responseError", () => { document.getElementById("done").textContent = "That was not taken: load the page again"; });
  document.addEventListener("htmx:sendError", () => { document.getElementById("done").textContent = "Hone does not answer: try again"; });
  begin();
})();
