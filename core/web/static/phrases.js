/* What the app's frontend says by itself, in the reader's language. It comes only with a language other than English.
   The page brings the table; what somebody wrote, and what the portal's own pages say, is left alone. */
(function () {
  "use strict";
  var table = document.querySelector("meta[name=phrases]"), exact = {}, shapes = [];
  var NAMES = ["aria-label", "title", "placeholder", "alt", "aria-description", "aria-valuetext"];
  var OWN = "[data-testid=stMarkdownContainer], [data-testid=stHtml], [data-testid=stText], textarea, script, style";

  /* The calendar has words for many languages, and goes by the browser's: here it is to go by the reader's. */
  var lang = document.documentElement.lang;
  if (navigator.language.split("-")[0] !== lang.split("-")[0]) {
    Object.defineProperty(navigator, "language", { configurable: true, get: function () { return lang; } });
  }

  function escaped(text) { return text.replace(/[.*+?^$()|[\]\\]/g, "\\$&"); }
  JSON.parse(table.content).forEach(function (pair) {
    if (pair[0].indexOf("{") < 0) { exact[pair[0]] = pair[1]; return; }
    var places = [];
    var shape = escaped(pair[0]).replace(/\{(\w+)\}/g, function (whole, name) { places.push(name); return "(.+?)"; });
    shapes.push({ shape: new RegExp("^" + shape + "$"), places: places, words: pair[1] });
  });

  /* The words for a phrase, or null where it is none. */
  function inWords(text) {
    if (Object.prototype.hasOwnProperty.call(exact, text)) { return exact[text]; }
    for (var i = 0; i < shapes.length; i += 1) {
      var found = shapes[i].shape.exec(text);
      if (found) { return filled(shapes[i], found); }
    }
    return null;
  }
  function filled(one, found) {
    return one.words.replace(/\{(\w+)\}/g, function (whole, name) { return found[one.places.indexOf(name) + 1]; });
  }

  /* The frontend's own buttons are made like the portal's; nothing that somebody wrote is a button by itself. */
  function isOwn(element) { return element && element.closest(OWN) && !element.closest("button") && !isOfADay(element); }
  /* What is wrong with a day is said by the frontend too, in a box of its own below the label that the page gave. */
  function isOfADay(element) {
    return element.closest("[data-testid=stDateInput]") && !element.closest("[data-testid=stWidgetLabel]");
  }
  function swapText(node) {
    var text = node.data.trim(), words = text && text.length < 200 ? inWords(text) : null;
    if (words !== null && words !== text && !isOwn(node.parentElement)) {
      node.data = node.data.replace(text, function () { return words; });
    }
  }
  function swapNames(element) {
    NAMES.forEach(function (name) {
      var text = element.getAttribute(name), words = text ? inWords(text) : null;
      if (words !== null && words !== text) { element.setAttribute(name, words); }
    });
  }
  function swapAll(node) {
    if (node.nodeType === 3) { swapText(node); return; }
    if (node.nodeType !== 1) { return; }
    swapNames(node);
    for (var child = node.firstChild; child; child = child.nextSibling) { swapAll(child); }
  }

  new MutationObserver(function (changes) {
    changes.forEach(function (change) {
      if (change.type === "attributes") { swapNames(change.target); }
      else if (change.type === "characterData") { swapText(change.target); }
      else { Array.prototype.forEach.call(change.addedNodes, swapAll); }
    });
  }).observe(document.body, {
    childList: true, subtree: true, characterData: true, attributes: true, attributeFilter: NAMES
  });
  swapAll(document.body);
})();
