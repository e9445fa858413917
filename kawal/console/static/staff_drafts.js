// What is typed in an act's form is kept in this browser for its author: until the act is done, its author signs out or
// somebody else signs in, at most seven days; of a rahasia report, or of one that is to be one, in this tab alone. All
// works without.
'use strict';
(function () {
  var PREFIX = 'kawal-draf:', OWN = PREFIX + document.body.dataset.drafts + ':', WEEK = 7 * 24 * 3600 * 1000;
  var KEPT = 'input:not([type=hidden]):not([type=file]),textarea,select', STORES = ['localStorage', 'sessionStorage'];
  function stored(name, act) { try { return act(window[name]); } catch (refused) { return null; } }
  function storeOf(form) {
    return 'secret' in form.dataset || form.querySelector('[name=rahasia]:checked') ? 'sessionStorage' : 'localStorage';
  }
  function drop(unwanted) {
    STORES.forEach(function (name) {
      stored(name, function (store) {
        Object.keys(store).forEach(function (key) { if (key.indexOf(PREFIX) === 0 && unwanted(key, store)) store.removeItem(key); });
      });
    });
  }
  function fields(form) {
    return Array.prototype.filter.call(form.querySelectorAll(KEPT), function (one) { return one.name && one.name !== 'sisip'; });
  }
  function ticks(one) { return one.type === 'checkbox' || one.type === 'radio'; }

  function keep(event) {
    var form = event.target.closest('form[data-draft]');
    if (!form) return;
    var typed = fields(form).map(function (one) { return [one.name, one.value, ticks(one) ? one.checked : null]; });
    var key = OWN + form.dataset.draft, into = storeOf(form);
    STORES.forEach(function (name) {
      stored(name, function (store) {
        if (name === into) store.setItem(key, JSON.stringify({ at: Date.now(), typed: typed })); else store.removeItem(key);
      });
    });
  }
  // The page's own values stand where nothing was typed: what an answer shows again is newer than any draft.
  function bring(form, typed) {
    var changed = false;
    fields(form).forEach(function (one) {
      typed.forEach(function (was) {
        if (was[0] !== one.name) return;
        if (!ticks(one) && one.value === one.defaultValue && was[1] !== one.value && was[1]) { one.value = was[1]; changed = true; }
        if (ticks(one) && was[1] === one.value && was[2] !== one.checked) { one.checked = was[2]; changed = true; }
      });
    });
    var box = form.closest('details');
    if (changed && box) box.open = true;
  }

  // A shared machine keeps nothing for whoever sits down next, also where nobody signed out.
  drop(function (key, store) {
    try { return key.indexOf(OWN) !== 0 || !(JSON.parse(store.getItem(key)).at > Date.now() - WEEK); } catch (damaged) { return true; }
  });
  document.addEventListener('submit', function (event) {
    if (event.target.matches('form[action="/keluar"]')) drop(function () { return true; });
  });

  var sent = /[?&]sudah=([a-z_]+)\.?([0-9]*)/.exec(location.search);
  var here = /^\/laporan\/([0-9]+)/.exec(location.pathname);
  if (sent) {
    drop(function (key) { return key === OWN + (sent[2] || (here && here[1])) + ':' + sent[1]; });
    var rest = location.search.replace(/[?&]sudah=[^&]*/, '').replace(/^&/, '?');
    history.replaceState(null, '', location.pathname + rest + location.hash);
  }
  var again = document.querySelector('[role=alert]');
  document.querySelectorAll('form[data-draft]').forEach(function (form) {
    var text = STORES.map(function (name) {
      return stored(name, function (store) { return store.getItem(OWN + form.dataset.draft); });
    }).find(Boolean);
    if (text && !again) bring(form, JSON.parse(text).typed);
  });
  document.addEventListener('input', keep);
  document.addEventListener('submit', keep);

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
