// A report's own page: what was just done is told once, not again whenever the page is read anew; "delete it from this
// phone" also deletes the draft that the form keeps. All else works without.
'use strict';
(function () {
  if (/[?&]sudah=/.test(location.search)) history.replaceState(null, '', location.pathname + location.hash);
  var form = document.getElementById('forget');
  if (!form || !window.indexedDB) return;
  form.addEventListener('submit', function (event) {
    var sent = false;
    function send() {
      if (sent) return;
      sent = true;
      form.submit();
    }
    event.preventDefault();
    var asked = indexedDB.deleteDatabase('kawal');
    asked.onsuccess = asked.onerror = asked.onblocked = send;
    window.setTimeout(send, 1000);
  });
}());
