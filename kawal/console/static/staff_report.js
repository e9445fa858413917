// A report's page: who is here, and keys where its reader has them on: a digit opens that act, n a note, ? says which there are.
'use strict';
(function () {
  // Colleagues are told who has the report open, as long as its page is seen.
  var here = document.getElementById('hadir');
  if (here && window.fetch) {
    var told = function () { return new URLSearchParams(new FormData(here)); };
    var stay = function () {
      if (document.visibilityState !== 'visible') return;
      fetch(here.action + '?bagian=hadir', { method: 'POST', body: told() }).catch(function () { /* next time */ });
    };
    window.setInterval(stay, 30000);
    window.addEventListener('pageshow', function (event) { if (event.persisted) stay(); });
    window.addEventListener('pagehide', function () {
      var gone = told();
      gone.set('pergi', 'ya');
      if (navigator.sendBeacon) navigator.sendBeacon(here.action + '?bagian=hadir', gone);
    });
  }
  // A colleague who is chosen stands in the note's text, where the cursor is; several may follow one another.
  var mention = document.getElementById('note-mention'), note = document.getElementById('note-text');
  if (mention && note) {
    mention.addEventListener('change', function () {
      var chosen = Array.prototype.some.call(mention.list.options, function (one) { return one.value === mention.value; });
      if (!chosen) return;
      var at = note.selectionStart, before = note.value.slice(0, at);
      note.setRangeText((/\S$/.test(before) ? ' @' : '@') + mention.value + ' ', at, note.selectionEnd, 'end');
      mention.value = '';
      note.dispatchEvent(new Event('input', { bubbles: true }));
      note.focus();
    });
  }
  var keys = document.getElementById('tombol');
  if (!keys) return;
  function open(box) {
    if (!box) return false;
    if (box.tagName === 'DETAILS') box.open = true;
    var first = box.querySelector('textarea,input:not([type=hidden]),select,button');
    if (first) { first.scrollIntoView({ block: 'center' }); first.focus(); }
    return true;
  }
  document.addEventListener('keydown', function (event) {
    var field = event.target.closest('input,textarea,select,[contenteditable]');
    if (event.ctrlKey && event.key === 'Enter' && field && field.form && field.form.classList.contains('act')) {
      event.preventDefault();
      if (!event.repeat && !event.isComposing) field.form.requestSubmit();
      return;
    }
    if (field || event.repeat || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    var done = false;
    if (/^[1-9]$/.test(event.key)) done = open(document.querySelector('.act-choice[data-key="' + event.key + '"]'));
    if (event.key === 'n') done = open(document.querySelector('#catatan form'));
    if (event.key === '?') { keys.open = !keys.open; keys.querySelector('summary').focus(); done = true; }
    if (done) event.preventDefault();
  });
}());
