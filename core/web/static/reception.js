/* The line between the app and the server. A phone in a waiting room loses it, and may learn of it late. This says
   in plain words what is so, takes a line that gives no answer for dead, and asks for the page anew when there is
   a line again. It runs before the app does. */
(function () {
  "use strict";
  var doc = document, win = window, Line = win.WebSocket;
  var gone = doc.getElementById("offline"), back = doc.getElementById("online");
  var SOON = 1500, SLOW = 4000, DEAD = 8000, ASLEEP = 15000;
  var line = null, lines = 0, asked = 0, seen = false, returned = false, lastUp = 0, lastLook = Date.now();

  /* The app's own words about a lost line are for programmers, and stand in the way of everything. */
  win.__streamlit = win.__streamlit || {};
  win.__streamlit.HOST_CONFIG = { blockErrorDialogs: true };

  /* --- each line the app opens is listened to ------------------------------------------------------ */
  function Watched(address, protocols) {
    var made = protocols === undefined ? new Line(address) : new Line(address, protocols);
    made.send = function (data) {
      waitFor(asked || Date.now());
      return Line.prototype.send.call(made, data);
    };
    made.addEventListener("message", function () { if (made === line) { waitFor(0); } });
    made.addEventListener("open", function () {
      line = made;
      waitFor(0);
      lines += 1;
      if (lines > 1) { returned = true; setTimeout(askAnew, 0); }
    });
    made.addEventListener("close", function () {
      if (made !== line) { return; }
      leaveField();
      line = null;
      waitFor(0);
    });
    return made;
  }
  if (Line) {
    Watched.prototype = Line.prototype;
    ["CONNECTING", "OPEN", "CLOSING", "CLOSED"].forEach(function (name) { Watched[name] = Line[name]; });
    win.WebSocket = Watched;
  }

  /* Since when an answer is waited for, 0 for not. The document tells it too, until the app had time to take in the
     answer: a page with neither this nor a running script is at rest. */
  function waitFor(since) {
    asked = since;
    if (asked) { doc.documentElement.setAttribute("data-asked", ""); return; }
    setTimeout(function () { if (!asked) { doc.documentElement.removeAttribute("data-asked"); } }, 50);
  }

  /* Shows the page anew, with what stands on the screen: the app does so on this key. A choice that was tapped just as
     the line broke arrives with it; a button that was is seen not to have been. */
  function askAnew() {
    var key = { key: "r", code: "KeyR", keyCode: 82, which: 82, bubbles: true };
    doc.dispatchEvent(new KeyboardEvent("keydown", key));
    doc.dispatchEvent(new KeyboardEvent("keyup", key));
  }
  /* The app shuts its fields while there is no line; what is half typed would stay in one, seen and never taken in. */
  function leaveField() {
    var field = doc.activeElement;
    if (field && /^(INPUT|TEXTAREA)$/.test(field.tagName)) { field.blur(); }
  }
  function takeForDead() {
    waitFor(0);
    line.dispatchEvent(new CloseEvent("close", { code: 1006 }));
  }

  /* --- what is said of it -------------------------------------------------------------------------- */
  function app(what) {
    var found = doc.querySelector("[data-testid='stApp']");
    return found ? found.getAttribute("data-test-" + what) : null;
  }
  function say(place, words) {
    if (place.textContent !== (words || "")) { place.textContent = words || ""; }
    place.hidden = !words;
  }
  /* Where nothing is kept the page itself says so; then this does not say the opposite. */
  function isKept() { return !!doc.querySelector("#root [data-card], html.staff"); }
  function told(now) {
    var state = app("connection-state"), up = state === "CONNECTED" && navigator.onLine !== false;
    if (up) { seen = true; lastUp = now; }
    if (navigator.cookieEnabled === false) { return "cookies"; }
    if (state === "DISCONNECTED_FOREVER") { return "again"; }
    if (navigator.onLine === false || (seen && now - lastUp > SOON)) { return "gone"; }
    return up && asked && now - asked > SLOW ? "slow" : "";
  }
  function look() {
    var now = Date.now(), slept = now - lastLook > ASLEEP;
    lastLook = now;
    if (slept) { wake(now); }
    if (line && asked && now - asked > DEAD) { takeForDead(); }
    var what = told(now), rests = app("script-state") === "notRunning" && app("connection-state") === "CONNECTED";
    say(gone, what && gone.getAttribute("data-" + what));
    if (what === "gone") { returned = true; }
    say(back, !what && returned && rests && isKept() ? back.getAttribute("data-back") : "");
  }
  /* A phone that slept may hold a line that is long dead. */
  function wake(now) {
    if (asked) { asked = now; }
    if (line) { askAnew(); }
  }
  setInterval(look, 500);
  win.addEventListener("offline", look);
  win.addEventListener("online", function () {
    if (line) { askAnew(); }
    look();
  });
  doc.addEventListener("click", function () {
    if (!back.hidden) { returned = false; say(back, ""); }
  });
})();
