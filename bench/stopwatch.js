/* Put into every page of bench.phone_profile: notes when what is waited for can be seen, by the page's own clock.
   What is waited for and what was noted live in sessionStorage, so that they outlast a change of document. */
(() => {
  const now = () => performance.timeOrigin + performance.now();
  const visible = (element) => element.getClientRects().length > 0 && element.checkVisibility({ visibilityProperty: true });
  const app = () => document.querySelector("[data-testid=stApp]");
  const state = () => app() && app().getAttribute("data-test-script-state");
  /* A tap takes a moment to reach the server: before that the app is at rest too, and it does not count. */
  let tapped = 0, ran = false, heard = 0;
  /* An answer that came whole may never have been seen to run. */
  const answered = () => ran || (heard > tapped && now() - heard > 300) || now() - tapped > 5000;
  const atRest = () => state() === null || (state() === "notRunning" && (!tapped || answered()));
  const Line = window.WebSocket;
  window.WebSocket = class extends Line {
    constructor(...given) {
      super(...given);
      this.addEventListener("message", () => { heard = now(); });
    }
  };
  new MutationObserver(() => { ran = ran || (state() !== null && state() !== "notRunning"); })
    .observe(document, { attributes: true, subtree: true, attributeFilter: ["data-test-script-state"] });
  /* What stands in the page before the app does can be used at once. */
  const usable = (element) => visible(element) && (element.closest("#early") || atRest());
  const there = ({ selector, text }, fit) =>
    [...document.querySelectorAll(selector)].some((one) => (!text || one.textContent === text) && fit(one));
  /* Whether the screen is full of what is new, whatever is still missing below it. */
  const inSight = (element) => { const box = element.getBoundingClientRect(); return box.height > 0 && box.top < innerHeight && box.bottom > 0; };
  const filled = () => {
    const page = document.querySelector("[data-testid=stMainBlockContainer]");
    const pieces = page ? [...page.querySelectorAll("[data-testid=stElementContainer]")] : [];
    return !pieces.filter(inSight).some((one) => one.closest("[data-stale=true]") || one.querySelector("[data-stale=true]")) &&
      pieces.some((one) => one.getBoundingClientRect().bottom >= innerHeight);
  };

  document.addEventListener("click", () => {
    if (sessionStorage.getItem("bench-tap")) { return; }
    [tapped, ran] = [now(), false];
    sessionStorage.setItem("bench-tap", tapped);
  }, true);

  window.benchWait = (selector, text) => {
    sessionStorage.removeItem("bench-tap");
    sessionStorage.removeItem("bench-seen");
    sessionStorage.removeItem("bench-drawn");
    busy.length = 0;
    sessionStorage.setItem("bench-wanted", JSON.stringify({ selector, text }));
  };
  /* What the first page waits for. A page of another kind, such as an empty one, has no storage. */
  window.benchFirst = (selector) => {
    if (location.protocol !== "http:" || sessionStorage.getItem("bench-begun")) { return; }
    sessionStorage.setItem("bench-begun", "1");
    window.benchWait(selector, "");
  };
  window.benchSeen = () => {
    const seen = sessionStorage.getItem("bench-seen");
    const drawn = Number(sessionStorage.getItem("bench-drawn") || seen);
    const held = busy.filter((one) => one.from + one.took > drawn && one.from < seen).map((one) => one.took);
    return seen && { seen: Number(seen), drawn, held: Math.max(0, ...held), tap: Number(sessionStorage.getItem("bench-tap")), began: performance.timeOrigin };
  };
  /* How long the phone was deaf to a finger at a time. */
  const busy = [];
  const note = (list) => busy.push(...list.getEntries().map((one) => ({ from: performance.timeOrigin + one.startTime, took: one.duration })));
  new PerformanceObserver(note).observe({ type: "longtask" });

  let drawing = false;
  const look = () => {
    const wanted = sessionStorage.getItem("bench-wanted");
    const what = wanted && document.body && JSON.parse(wanted);
    /* Painted, and free to answer a finger. */
    const noteSoon = (name) => requestAnimationFrame(() => setTimeout(() => sessionStorage.setItem(name, now())));
    if (what && !drawing && !sessionStorage.getItem("bench-drawn") && there(what, visible) && filled()) {
      drawing = true;
      noteSoon("bench-drawn");
    }
    if (what && there(what, usable)) {
      sessionStorage.removeItem("bench-wanted");
      noteSoon("bench-seen");
    }
    drawing = drawing && Boolean(what);
    requestAnimationFrame(look);
  };
  if (window === window.top && location.protocol === "http:") { look(); }
})();
