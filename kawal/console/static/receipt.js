// The receipt: printing with the QR code, and the end of the draft whose report was sent without a script (its key
// stands in the address).
'use strict';
(function () {
  var print = document.getElementById('print');
  print.hidden = false;
  print.addEventListener('click', function () { window.print(); });
  window.addEventListener('beforeprint', function () { document.querySelector('details').open = true; }); // the QR code
  var sent = location.hash.indexOf('#terkirim-') === 0 && location.hash.slice(10);
  if (!sent) return;
  history.replaceState(null, '', location.pathname);
  if (!window.indexedDB) return;
  var asked = indexedDB.open('kawal', 1);
  asked.onupgradeneeded = function () { asked.result.createObjectStore('draft'); };
  asked.onsuccess = function () {
    var drafts = asked.result.transaction('draft', 'readwrite').objectStore('draft');
    var found = drafts.get('report');
    found.onsuccess = function () { if (found.result && found.result.key === sent) drafts.delete('report'); };
  };
})();
