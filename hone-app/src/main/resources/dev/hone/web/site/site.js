"use strict";
// Keys: "g" and a letter goes to a section, "j" and "k" walk through a table's rows, "/" goes to the filter, "?" lists them.
(() => {
  let going = 0;

  const isTyping = target => target.closest("input, textarea, select, [contenteditable]") !== null;

  const walk = step => {
    const links = [...document.querySelectorAll("main tbody tr a.open")];
    if (links.length === 0) return;
    const at = links.indexOf(document.activeElement);
    const next = links[at < 0 ? (step > 0 ? 0 : links.length - 1) : Math.min(links.length - 1, Math.max(0, at + step))];
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  };

  document.addEventListener("keydown", event => {
    if (document.body.dataset.shortcuts === "off") return;
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (document.querySelector("dialog[open]") !== null) return;
    if (going > 0 && Date.now() - going < 1500) {
      going = 0;
      const link = [...document.querySelectorAll("[data-key]")].find(one => one.dataset.key === event.key);
      if (link) {
        event.preventDefault();
        link.click();
      }
      return;
    }
    switch (event.key) {
      case "g": going = Date.now(); break;
      case "j": walk(1); break;
      case "k": walk(-1); break;
      case "/": {
        const filter = document.querySelector("[data-filter]");
        if (filter) {
          event.preventDefault();
          filter.focus();
        }
        break;
      }
      case "?": document.getElementById("shortcuts")?.showModal(); break;
    }
  });

  document.addEventListener("click", event => {
    const opener = event.target.closest("[data-open]");
    if (opener) document.getElementById(opener.dataset.open)?.showModal();
  });

  // What asks before it is done.
  document.addEventListener("submit", event => {
    const question = event.submitter?.dataset.ask;
    if (question && !window.confirm(question)) event.preventDefault();
  });
})();
