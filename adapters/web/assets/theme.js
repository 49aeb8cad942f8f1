// Sets the chosen appearance before anything is drawn.
(function () {
  var t = null;
  try { t = localStorage.getItem('rapport.theme'); } catch (e) { t = null; }
  if (t === 'light' || t === 'dark') document.documentElement.dataset.theme = t;
})();
