// The board's search by htmx: where it fails, the form is sent as without a script, so that the reader is told why.
'use strict';
(function () {
  function sendPlainly(event) {
    if (event.target instanceof HTMLFormElement) event.target.submit();
  }
  document.addEventListener('htmx:error', sendPlainly);
  document.addEventListener('htmx:response:error', sendPlainly);
}());
