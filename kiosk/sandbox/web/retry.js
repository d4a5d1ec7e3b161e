// Loads the page anew where a part of its program did not come, as when a phone changes its network.

(function () {
  var PAUSE_MS = 1000;

  window.addEventListener("error", function (event) {
    if (event.target.id === "program") setTimeout(function () { location.reload(); }, PAUSE_MS);
  }, true);
})();
