/* Put into every page of bench.phone_profile: notes when what is waited for can be seen, by the page's own clock.
   What is waited for and what was noted live in sessionStorage, so that they outlast a change of document. */
(() => {
  const now = () => performance.timeOrigin + performance.now();
  const visible = (element) => element.getClientRects().length > 0 && element.checkVisibility({ visibilityProperty: true });
  const app = () => document.querySelector("[data-testid=stApp]");
  const state = () => app() && app().getAttribute("data-test-script-state");
  /* A tap takes a moment to reach the server: before that the app is at rest too, and it does not count. */
  let tapped = 0, ran = false;
  const atRest = () => state() === null || (state() === "notRunning" && (!tapped || ran || now() - tapped > 5000));
  new MutationObserver(() => { ran = ran || (state() !== null && state() !== "notRunning"); })
    .observe(document, { attributes: true, subtree: true, attributeFilter: ["data-test-script-state"] });
  /* What stands in the page before the app does can be used at once. */
  const usable = (element) => visible(element) && (element.closest("#early") || atRest());
  const there = ({ selector, text }) =>
    [...document.querySelectorAll(selector)].some((one) => usable(one) && (!text || one.textContent === text));

  document.addEventListener("click", () => {
    if (sessionStorage.getItem("bench-tap")) { return; }
    [tapped, ran] = [now(), false];
    sessionStorage.setItem("bench-tap", tapped);
  }, true);

  window.benchWait = (selector, text) => {
    sessionStorage.removeItem("bench-tap");
    sessionStorage.removeItem("bench-seen");
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
    return seen && { seen: Number(seen), tap: Number(sessionStorage.getItem("bench-tap")), began: performance.timeOrigin };
  };

  const look = () => {
    const wanted = sessionStorage.getItem("bench-wanted");
    if (wanted && document.body && there(JSON.parse(wanted))) {
      sessionStorage.removeItem("bench-wanted");
      /* Painted, and free to answer a finger. */
      requestAnimationFrame(() => setTimeout(() => sessionStorage.setItem("bench-seen", now())));
    }
    requestAnimationFrame(look);
  };
  if (window === window.top && location.protocol === "http:") { look(); }
})();
