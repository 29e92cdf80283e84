/* What a page does beyond its words. Everything works without this but the app itself.
   Written for old browsers too: it is what tells them that the app will not start. */
(function () {
  "use strict";
  var doc = document, win = window, path = location.pathname, root = doc.getElementById("root");

  doc.documentElement.className += " js";

  /* The app lives at the root of this host: saying so spares it a search. */
  win.__streamlit = win.__streamlit || {};
  win.__streamlit.BACKEND_BASE_URL = win.__streamlit.BACKEND_BASE_URL || location.origin + "/";

  /* Client pages show no icons, so the 375 kB font of icons that the app fetches ahead is spared. */
  if (/\bclient\b/.test(doc.documentElement.className) && doc.fonts && doc.fonts.load) {
    var load = doc.fonts.load.bind(doc.fonts);
    doc.fonts.load = function (font, text) {
      return String(font).indexOf("Material") >= 0 ? Promise.resolve([]) : load(font, text);
    };
  }

  /* The app moves its folded parts from a script, past the style sheet: not for who asked for less movement. */
  var calm = win.matchMedia && win.matchMedia("(prefers-reduced-motion: reduce)"), animate = Element.prototype.animate;
  if (calm && animate) {
    Element.prototype.animate = function (frames, options) {
      return animate.call(this, frames, calm.matches ? 0 : options);
    };
  }

  function one(selector, within) { return (within || doc).querySelector(selector); }
  function each(selector, act) { all(selector).forEach(act); }
  function all(selector, within) { return Array.prototype.slice.call((within || doc).querySelectorAll(selector)); }

  /* What this window keeps for itself until it is closed. Null takes it away. */
  function kept(name, value) {
    try {
      if (value === undefined) { return sessionStorage.getItem(name); }
      if (value === null) { sessionStorage.removeItem(name); } else { sessionStorage.setItem(name, value); }
    } catch (ignored) { /* none here */ }
    return null;
  }

  /* --- the personal link: the code leaves the address before anything else reads it ------------ */
  function takePersonalCode() {
    var code = location.hash.slice(1);
    if (path !== "/mine" || !code) { return; }
    history.replaceState(null, "", "/mine");
    kept("card", null);
    fetch("/mine/key", {
      method: "POST", credentials: "same-origin", cache: "no-store", referrerPolicy: "no-referrer",
      headers: { "Content-Type": "application/x-www-form-urlencoded" }, body: "key=" + encodeURIComponent(code)
    }).then(function () { location.replace("/mine"); }, function () { location.replace("/mine"); });
  }
  takePersonalCode();
  win.addEventListener("hashchange", takePersonalCode);

  /* --- the app, while someone reads: only once the words are there, and only for phones that can run it --- */
  win.addEventListener("load", function () {
    var ahead = one("meta[name=ahead]");
    if (!ahead || !("noModule" in doc.createElement("script"))) { return; }
    /* Who says no at once, or pays for each byte, is not sent the app; who reads on has it when they tap. */
    if (navigator.connection && navigator.connection.saveData) { return; }
    setTimeout(function () { ahead.content.split(" ").forEach(fetchAhead); }, 1500);
  });
  function fetchAhead(address) {
    var link = doc.createElement("link"), style = /\.css$/.test(address), own = /^\/assets\//.test(address);
    link.rel = style || own ? "preload" : "modulepreload";
    if (style || own) { link.as = style ? "style" : "script"; }
    if (!own) { link.crossOrigin = "anonymous"; }
    link.fetchPriority = "low";
    link.href = address;
    doc.head.appendChild(link);
  }

  /* --- leave now -------------------------------------------------------------------------------- */
  var away = "";
  function leave(form) {
    var sent = navigator.sendBeacon && navigator.sendBeacon("/leave", new URLSearchParams(new FormData(form)));
    forget(true);
    if (!sent) { return false; }
    away = form.getAttribute("data-leave");
    doc.documentElement.className += " gone";
    location.replace(away);
    /* Not only out of sight: a page that the browser keeps for its Back button is kept empty. */
    doc.body.textContent = "";
    return true;
  }
  /* Nothing is kept in this browser but, where somebody left, that they did: until the server has said that it knows. */
  function forget(left) {
    try {
      left = left || localStorage.getItem("left");
      if (left) { sessionStorage.clear(); }
      localStorage.clear();
      if (left) { localStorage.setItem("left", "1"); }
    } catch (ignored) { /* none here */ }
  }
  function hasLeft() {
    try { return !!localStorage.getItem("left"); } catch (ignored) { return false; }
  }
  /* Left while there was no connection: the server may not know yet, so it is told before anything is shown. */
  function leaveAfterAll() {
    var form = one("form[data-leave]"), words = doc.documentElement;
    if (!hasLeft() || !win.fetch) { return; }
    words.className += " gone";
    fetch("/leave", {
      method: "POST", credentials: "same-origin", cache: "no-store",
      headers: { "Content-Type": "application/x-www-form-urlencoded" }, body: ""
    }).then(function () {
      try { localStorage.removeItem("left"); } catch (ignored) { /* none here */ }
      if (/^\/(c\/[^/]+)?$/i.test(path)) { words.className = words.className.replace(" gone", ""); } else { location.replace(path); }
    }, function () { location.replace(form ? form.getAttribute("data-leave") : "/"); });
  }
  leaveAfterAll();
  /* Who left has cleared it before: the server's answer may have cleared it too, and must not be overtaken. */
  win.addEventListener("pagehide", function () { if (!away && !/\bstaff\b/.test(doc.documentElement.className)) { forget(false); } });
  win.addEventListener("pageshow", function (event) {
    if (event.persisted && (away || hasLeft())) {
      doc.documentElement.className += " gone";
      location.replace(away || "/");
    }
  });
  doc.addEventListener("submit", function (event) {
    var form = event.target, card = /^(\/c\/[^/]+)\/(start|change)$/i.exec(form.getAttribute("action") || "");
    /* From here on this window is about that card. Its page is the way back if the app does not open. */
    if (card) { kept("card", null); kept("way-back", card[1]); }
    if (form.hasAttribute("data-leave")) {
      if (leave(form)) { event.preventDefault(); }
    } else if (form.hasAttribute("data-language") && root) {
      event.preventDefault();
      switchLanguage(form, event.submitter || doc.activeElement);
    } else if (form.hasAttribute("data-sent")) {
      /* A double tap sends once. The server would notice too. */
      event.preventDefault();
    } else if (navigator.onLine === false) {
      event.preventDefault();
      sayNotSent();
    } else if (form.method === "post") {
      form.setAttribute("data-sent", "");
      /* Where nothing came of it, it can be tapped again. */
      setTimeout(function () { form.removeAttribute("data-sent"); }, 5000);
    }
  });
  function sayNotSent() {
    var place = doc.getElementById("offline"), words = place && place.getAttribute("data-not-sent");
    if (words) { place.textContent = words; place.hidden = false; }
  }
  win.addEventListener("online", function () {
    var place = doc.getElementById("offline");
    if (place && place.getAttribute("data-not-sent")) { place.textContent = ""; place.hidden = true; }
  });
  /* --- another language: the same page again, once what was typed last has reached the server ------- */
  function switchLanguage(form, button) {
    var began = Date.now(), wanted = doc.createElement("input");
    wanted.type = "hidden"; wanted.name = "language"; wanted.value = button.value || "";
    form.appendChild(wanted);
    one("[name=to]", form).value = location.pathname;
    if (doc.activeElement && doc.activeElement !== doc.body) { doc.activeElement.blur(); }
    (function wait() {
      var soon = Date.now() - began < 250, busy = scriptState() === "running" && Date.now() - began < 2500;
      var handsOver = early && picked() && Date.now() - began < PATIENCE;
      if (soon || busy || handsOver) { setTimeout(wait, 50); } else { form.submit(); }
    })();
  }
  /* Back from the next page: the buttons work again. */
  win.addEventListener("pageshow", function () {
    each("form[data-sent]", function (form) { form.removeAttribute("data-sent"); });
  });

  /* --- copy and print ---------------------------------------------------------------------------- */
  function keyed(element, start) {
    for (; element && element !== doc.body; element = element.parentElement) {
      var found = new RegExp("(?:^|\\s)st-key-" + start + "([\\w-]*)").exec(element.className || "");
      if (found) { return found[1]; }
    }
    return null;
  }
  function copy(source, button) {
    var field = source.querySelector("textarea, input"), code = source.querySelector("code");
    var text = field ? field.value : (code || source).textContent;
    if (!navigator.clipboard) { return; }
    navigator.clipboard.writeText(text.trim()).then(function () { button.setAttribute("data-done", ""); });
  }
  doc.addEventListener("click", function (event) {
    var button = event.target.closest && event.target.closest("button");
    if (!button) { return; }
    var name = button.getAttribute("data-copy");
    var source = name ? doc.getElementById(name) : null;
    if (!source && (name = keyed(button, "copy-(?!source-)")) !== null) { source = one(".st-key-copy-source-" + name); }
    if (source) { copy(source, button); }
    if (keyed(button, "open") === "") { kept("card", null); }
    if (button.hasAttribute("data-print") || keyed(button, "print") !== null) { win.print(); }
  });

  /* --- only inside the app ----------------------------------------------------------------------- */
  if (!root) {
    /* A page with a problem says so first; any other starts at its top. */
    var summary = one("[data-focus]");
    if (summary) { summary.focus(); }
    return;
  }
  var language = doc.documentElement.lang, title = doc.title, heading = null, screen = null;
  var began = Date.now(), PATIENCE = 12000;

  function scriptState() {
    var app = one("[data-testid='stApp']");
    return app && app.getAttribute("data-test-script-state");
  }
  function firstHeading() { return one("[data-testid='stMain'] h1"); }

  /* --- the first screen, which stands here before the app does: the app takes its place once it shows the same ---- */
  var early = doc.getElementById("early"), changed = began;
  /* The words come first: the app would keep the phone busy before they are painted. */
  function startApp() {
    var parts = one("meta[name=app]");
    if (!parts) { return; }
    parts.content.split(" ").forEach(function (address) {
      var style = /\.css$/.test(address), part = doc.createElement(style ? "link" : "script");
      part.crossOrigin = "anonymous";
      if (style) { part.rel = "stylesheet"; part.href = address; } else { part.type = "module"; part.async = false; part.src = address; }
      doc.head.appendChild(part);
    });
    parts.parentNode.removeChild(parts);
  }
  win.requestAnimationFrame(function () { setTimeout(startApp, 0); });
  setTimeout(startApp, 500);
  function hideEarly() { if (early) { early.hidden = true; } }
  function picked() { return early && one("input:checked", early); }
  /* The app's part that belongs to what was picked here, once it is there. */
  function counterpart() {
    var parts = all(".st-key-" + one(".pick", early).getAttribute("data-pick") + " input");
    return parts[all(".pick input", early).indexOf(picked())];
  }
  /* Who is halfway down the page stays there, and what was picked is picked in the app. */
  function takeOver() {
    var first = firstHeading(), quiet = Date.now() - changed;
    if (!first || scriptState() !== "notRunning" || quiet < 100) { return; }
    var same = first.textContent === one("h1", early).textContent, top = win.scrollY;
    var focused = early.contains(doc.activeElement), pick = same && !root.hidden && picked(), option = pick && counterpart();
    /* The app draws bit by bit. */
    if (pick && !option && quiet < 3000) { return; }
    early.parentNode.removeChild(early);
    early = null;
    if (same) {
      screen = nameOf(first);
      scrollTo(top, Date.now() + 3000);
    }
    if (option) { option.click(); }
    lookForScreen();
    if (focused && option) { option.focus({ preventScroll: true }); }
  }
  /* On a phone that is busy the app may be shorter yet than the screen it takes the place of. */
  function scrollTo(top, until) {
    win.scrollTo(0, top);
    if (win.scrollY < top - 1 && Date.now() < until) { setTimeout(function () { scrollTo(top, until); }, 50); }
  }
  if (early) { lookAtCard(); }
  (function look() {
    if (!early) { return; }
    takeOver();
    setTimeout(look, 50);
  })();

  /* Instead of the app: one of the sheets that wait beside it, with the way back to this window's card. */
  function instead(name) {
    var sheet = doc.getElementById(name), title = one("h1", sheet);
    if (root.hidden === true && sheet.hidden === false) { return; }
    root.hidden = true;
    hideEarly();
    sheet.hidden = false;
    title.setAttribute("tabindex", "-1");
    title.focus();
  }
  each("[data-way-back]", function (way) { way.href = kept("way-back") || "/"; });

  /* After a reload the app knows only the card this browser opened last. The mark on each screen tells
     this window whether that is its own; where it is not, nothing of the other is shown. */
  function lookAtCard() {
    var line = one("[data-card]", early || root), own = kept("card"), mark = line && line.getAttribute("data-card");
    if (!mark) { return; }
    if (!own) { kept("card", mark); } else if (own !== mark) { instead("other-card"); }
  }

  /* A new screen: its heading takes the focus, and the page starts at its top. A change on the same
     screen keeps both where they are. */
  function nameOf(first) { return location.pathname + "\n" + first.textContent; }
  function lookForScreen() {
    if (doc.documentElement.lang !== language) { doc.documentElement.lang = language; }
    if (isServers() && one("[data-testid='stMain'] a")) { location.replace(location.href); return; }
    var first = firstHeading();
    if (!first || early) { return; }
    if (nameOf(first) !== screen) {
      screen = nameOf(first);
      heading = first;
      first.setAttribute("tabindex", "-1");
      win.scrollTo(0, 0);
      first.focus({ preventScroll: true });
    } else if (first !== heading) {
      heading = first;
      first.setAttribute("tabindex", "-1");
      if (doc.activeElement === doc.body) { first.focus({ preventScroll: true }); }
    }
    if (last && !last.isConnected && doc.activeElement === doc.body) { (again() || first).focus({ preventScroll: true }); }
    lookForProblem();
    nameImages();
  }
  /* The app gives its images no words of their own: the line below one says what it is. And a place to drop
     files on has a name, so it is a group. */
  function nameImages() {
    each("[data-testid='stFileUploaderDropzone'][role='presentation']", function (place) { place.setAttribute("role", "group"); });
    each("[data-testid='stImage'] img:not([alt])", function (image) {
      var line = one("[data-testid='stImageCaption']", image.closest("[data-testid='stImage']"));
      image.alt = line ? line.textContent.trim() : "";
    });
  }
  /* What had the focus may go while the screen stays: then a folded part that was drawn anew takes it, or else the
     heading, and nobody starts from nowhere. */
  var last = null;
  doc.addEventListener("focusin", function (event) { last = event.target; });
  function again() {
    var part = last.closest("summary") && last.closest("[class*='st-key-']");
    return part && one("." + /st-key-[\w-]+/.exec(part.className)[0] + " summary");
  }
  /* A problem on this screen is focused once, when it appears. */
  var problem = null, pressed = false;
  doc.addEventListener("click", function (event) {
    var way = event.target.closest && event.target.closest("a[href^='#to-'], a[href^='#press-']");
    pressed = !!(event.target.closest && event.target.closest("[data-testid='stMain'] button"));
    if (!way) { return; }
    event.preventDefault();
    var goal = /^#(to|press)-(.*)/.exec(way.getAttribute("href"));
    var field = one(".st-key-" + goal[2] + " :is(input, textarea, button)");
    if (field) { field[goal[1] === "to" ? "focus" : "click"](); }
  });
  function lookForProblem() {
    var found = one("[data-testid='stMain'] [data-testid='stAlertContentError']");
    if (found && (found !== problem || pressed)) {
      found.setAttribute("tabindex", "-1");
      found.focus();
      pressed = false;
    }
    problem = found;
  }
  var waiting = 0;
  new MutationObserver(function () {
    changed = Date.now();
    lookAtCard();
    if (!waiting) { waiting = setTimeout(function () { waiting = 0; lookForScreen(); }, 60); }
  }).observe(root, { childList: true, subtree: true, characterData: true });
  new MutationObserver(function () {
    if (doc.documentElement.lang !== language) { doc.documentElement.lang = language; }
  }).observe(doc.documentElement, { attributes: true, attributeFilter: ["lang"] });
  /* The app knows one title, in English, and sets it when it likes. */
  new MutationObserver(function () {
    if (doc.title !== title) { doc.title = title; }
  }).observe(doc.head, { childList: true, subtree: true, characterData: true });

  /* Addresses that the server makes are not the app's: coming to one inside the app loads it. */
  function isServers() { return location.pathname === "/" || /^\/c\//i.test(location.pathname); }
  win.addEventListener("popstate", function () {
    if (isServers()) { location.reload(); }
  });

  /* --- an app that never connects would ask for a moment for ever. It may still come: then it takes its place. */
  function lookWhetherStuck() {
    if (navigator.cookieEnabled === false) { return; }
    var stuck = doc.getElementById("stuck"), app = one("[data-testid='stApp'][data-test-connection-state='CONNECTED']");
    if (app) { seen = true; }
    if (!seen && doc.getElementById("too-old").hidden && Date.now() - began > PATIENCE) { instead("stuck"); }
    if (seen && !stuck.hidden) { stuck.hidden = true; root.hidden = false; }
  }
  var seen = false;
  setInterval(lookWhetherStuck, 1000);

  /* --- browsers that are too old ------------------------------------------------------------------- */
  function notStarted() { return !!one(".first", root); }
  function giveUp() {
    if (notStarted()) { root.hidden = true; hideEarly(); doc.getElementById("too-old").hidden = false; }
  }
  win.addEventListener("error", function (event) {
    if (event.error instanceof SyntaxError || (event.message || "").indexOf("SyntaxError") >= 0) { giveUp(); }
  });
  if (!("noModule" in doc.createElement("script"))) { giveUp(); }
})();
