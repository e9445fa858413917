// A report's own page: "delete it from this phone" also deletes the draft that the form keeps. All else works without.
'use strict';
(function () {
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
