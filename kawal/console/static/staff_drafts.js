// What is typed in an act's form is kept in this browser until the act is done or its author signs out. All works without.
'use strict';
(function () {
  var PREFIX = 'kawal-draf:', KEPT = 'input:not([type=hidden]):not([type=file]),textarea,select';
  function stored(act) { try { return act(localStorage); } catch (refused) { return null; } }
  function fields(form) {
    return Array.prototype.filter.call(form.querySelectorAll(KEPT), function (one) { return one.name && one.name !== 'sisip'; });
  }
  function ticks(one) { return one.type === 'checkbox' || one.type === 'radio'; }

  function keep(form) {
    var draft = fields(form).map(function (one) { return [one.name, one.value, ticks(one) ? one.checked : null]; });
    stored(function (store) { store.setItem(PREFIX + form.dataset.draft, JSON.stringify(draft)); });
  }
  // The page's own values stand where nothing was typed: what an answer shows again is newer than any draft.
  function bring(form, draft) {
    var changed = false;
    fields(form).forEach(function (one) {
      draft.forEach(function (was) {
        if (was[0] !== one.name) return;
        if (!ticks(one) && one.value === one.defaultValue && was[1] !== one.value && was[1]) { one.value = was[1]; changed = true; }
        if (ticks(one) && was[1] === one.value && was[2] !== one.checked) { one.checked = was[2]; changed = true; }
      });
    });
    var box = form.closest('details');
    if (changed && box) box.open = true;
  }

  var sent = /[?&]sudah=([a-z_]+)\.?([0-9]*)/.exec(location.search);
  var here = /^\/laporan\/([0-9]+)/.exec(location.pathname);
  if (sent) {
    stored(function (store) { store.removeItem(PREFIX + (sent[2] || (here && here[1])) + ':' + sent[1]); });
    var rest = location.search.replace(/[?&]sudah=[^&]*/, '').replace(/^&/, '?');
    history.replaceState(null, '', location.pathname + rest + location.hash);
  }
  var again = document.querySelector('[role=alert]');
  document.querySelectorAll('form[data-draft]').forEach(function (form) {
    var text = stored(function (store) { return store.getItem(PREFIX + form.dataset.draft); });
    if (text && !again) { try { bring(form, JSON.parse(text)); } catch (damaged) { /* nothing to bring */ } }
    form.addEventListener('input', function () { keep(form); });
    form.addEventListener('submit', function () { keep(form); });
  });
  // A shared machine keeps nothing for whoever sits down next.
  document.querySelectorAll('form[action="/keluar"]').forEach(function (form) {
    form.addEventListener('submit', function () {
      stored(function (store) {
        Object.keys(store).forEach(function (name) { if (name.indexOf(PREFIX) === 0) store.removeItem(name); });
      });
    });
  });

  // A kept text goes to where the cursor stands; several may follow one another.
  document.querySelectorAll('button[name=sisipkan]').forEach(function (button) {
    button.addEventListener('click', function (event) {
      var list = button.form.querySelector('select[name=sisip]'), chosen = list && list.selectedOptions[0];
      var into = list && document.getElementById(list.dataset.into);
      if (!chosen || !into) return;
      event.preventDefault();
      if (!chosen.dataset.text) return;
      into.setRangeText(chosen.dataset.text, into.selectionStart, into.selectionEnd, 'end');
      into.focus();
      into.dispatchEvent(new Event('input', { bubbles: true }));
    });
  });
}());
