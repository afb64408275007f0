/* The ledger of claims: choose by chapter, verdict and what decided it; an address such as #R17 opens that claim.
   Without this script every claim shows and the details still unfold. */
(() => {
  "use strict";

  const FIELDS = ["hoofdstuk", "oordeel", "beslist"];

  function setUp(form) {
    const items = [...document.querySelectorAll("li.bewering")];
    const status = form.querySelector("[role=status]");

    function apply() {
      let shown = 0;
      for (const item of items) {
        const fits = FIELDS.every((field) => !form.elements[field].value || form.elements[field].value === item.dataset[field]);
        item.hidden = !fits;
        shown += fits ? 1 : 0;
      }
      for (const list of document.querySelectorAll("ul.beweringen")) {
        const empty = !list.querySelector("li.bewering:not([hidden])");
        list.hidden = empty;
        list.nextElementSibling.hidden = !empty;
      }
      status.textContent = `${shown} van ${items.length} beweringen`;
    }

    /* The choice stands in the address, so that it can be sent to somebody. */
    function remember() {
      const address = new URL(window.location.href);
      for (const field of FIELDS) {
        const value = form.elements[field].value;
        if (value) address.searchParams.set(field, value);
        else address.searchParams.delete(field);
      }
      address.hash = "";
      window.history.replaceState(null, "", address);
    }

    function readAddress() {
      const asked = new URLSearchParams(window.location.search);
      for (const field of FIELDS) {
        const value = asked.get(field) ?? "";
        const known = [...form.elements[field].options].some((option) => option.value === value);
        form.elements[field].value = known ? value : "";
      }
    }

    function openClaim() {
      const item = items.find((one) => one.id === decodeURIComponent(window.location.hash.slice(1)));
      if (!item) return;
      if (item.hidden) {
        for (const field of FIELDS) form.elements[field].value = "";
        apply();
      }
      item.querySelector("details").open = true;
      item.focus({ preventScroll: true });
      item.scrollIntoView({ block: "start" });
    }

    form.hidden = false;
    form.addEventListener("change", () => { apply(); remember(); });
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("reset", () => window.setTimeout(() => { apply(); remember(); }));
    window.addEventListener("hashchange", openClaim);
    readAddress();
    apply();
    openClaim();
  }

  document.addEventListener("DOMContentLoaded", () => {
    const form = document.querySelector("form.bewering-filter");
    if (form) setUp(form);
  });
})();
