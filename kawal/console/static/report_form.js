// The form of a report: what is typed survives a lost network, a closed tab and a killed browser for seven days, and
// ends with sending. Without this script the form works as it is.
'use strict';
(function () {
  var form = document.getElementById('report');
  if (!form || !window.fetch || !window.indexedDB) return;
  var words = document.getElementById('words').dataset;
  var progress = document.getElementById('progress');
  var WEEK = 7 * 24 * 3600 * 1000;
  var KEPT = ['key', 'agency', 'text', 'place', 'latitude', 'longitude', 'contact', 'name', 'anonim', 'rahasia'];
  var sending = false, waiting = false, keeping = false, again = false, ended = false, opened;

  function store(mode, act) {
    opened = opened || new Promise(function (done, failed) {
      var asked = indexedDB.open('kawal', 1);
      asked.onupgradeneeded = function () { asked.result.createObjectStore('draft'); };
      asked.onsuccess = function () { done(asked.result); };
      asked.onerror = failed;
    });
    return opened.then(function (database) {
      return new Promise(function (done, failed) {
        var turn = database.transaction('draft', mode);
        var asked = act(turn.objectStore('draft'));
        turn.oncomplete = function () { done(asked.result); };
        turn.onerror = turn.onabort = failed;
      });
    }).catch(function () {});
  }
  function forget() {
    return store('readwrite', function (drafts) { return drafts.delete('report'); });
  }
  // Another tab's draft, which has another key, stays.
  function forgetSent(key) {
    ended = true;
    return store('readwrite', function (drafts) {
      var found = drafts.get('report');
      found.onsuccess = function () { if (found.result && found.result.key === key) drafts.delete('report'); };
      return found;
    });
  }

  function typed() {
    var draft = {};
    KEPT.forEach(function (name) {
      var field = form.elements[name];
      if (field) draft[name] = field.type === 'checkbox' ? field.checked : field.value;
    });
    return draft;
  }
  // While one write is under way only the newest words wait for the next: a killed browser loses no queue of them.
  function keep() {
    if (ended || !form) return;
    if (keeping) { again = true; return; }
    var draft = typed();
    draft.at = Date.now();
    if (!(draft.text || draft.place || draft.contact || draft.name)) return;
    keeping = true;
    store('readwrite', function (drafts) {
      var asked = drafts.put(draft, 'report');
      if (drafts.transaction.commit) drafts.transaction.commit(); // a tab that closes now cannot undo it
      return asked;
    }).then(function () {
      keeping = false;
      if (again) { again = false; keep(); }
    });
  }
  function bring(draft) {
    KEPT.forEach(function (name) {
      var field = form.elements[name];
      if (!field || draft[name] === undefined) return;
      if (field.type === 'checkbox') field.checked = draft[name]; else field.value = draft[name];
    });
    var button = document.createElement('button');
    button.type = 'button';
    button.className = 'small';
    button.textContent = words.forget;
    button.addEventListener('click', function () { ended = true; forget().then(function () { location.assign('/lapor'); }); });
    progress.textContent = words.found + ' ';
    progress.append(button);
  }
  function say(text) { progress.textContent = text; }

  function show(html) {
    var shown = new DOMParser().parseFromString(html, 'text/html');
    document.title = shown.title;
    ['main', 'footer'].forEach(function (part) {
      document.querySelector(part).replaceWith(shown.querySelector(part));
    });
    form = document.getElementById('report');
    progress = document.getElementById('progress');
    listen();
    if (form) keep();
    document.querySelector('main').focus();
    window.scrollTo(0, 0);
  }
  function lost() {
    keep();
    sending = false;
    waiting = true;
    say(words.lost);
  }
  function send(event) {
    if (event && event.submitter && event.submitter.hasAttribute('formaction')) return;
    if (event) event.preventDefault();
    if (sending) return;
    var key = form.elements.key.value;
    sending = true;
    waiting = false;
    say(words.sending);
    fetch(form.action, {
      method: 'POST',
      headers: {Accept: 'application/json, text/html'},
      body: new URLSearchParams(new FormData(form))
    }).then(function (answer) {
      if (answer.status === 201) {
        return answer.json().then(function (told) {
          return forgetSent(key).then(function () { location.assign(told.location); });
        });
      }
      return answer.text().then(function (html) { sending = false; show(html); });
    }).catch(lost);
  }
  function locate(button, told) {
    navigator.geolocation.getCurrentPosition(function (found) {
      form.elements.latitude.value = found.coords.latitude.toFixed(5);
      form.elements.longitude.value = found.coords.longitude.toFixed(5);
      told.textContent = words.located;
      keep();
    }, function () { told.textContent = words.unlocated; }, {timeout: 15000, maximumAge: 60000});
    button.blur();
  }
  // A kecamatan once chosen offers its villages.
  function offer() {
    var place = form.elements.place;
    var list = place.list;
    var chosen = list && Array.prototype.find.call(list.options, function (one) {
      return one.dataset.code && one.value === place.value;
    });
    if (!chosen) return;
    var around = chosen.value;
    fetch(place.dataset.villages + chosen.dataset.code).then(function (answer) { return answer.json(); })
      .then(function (names) {
        Array.prototype.forEach.call(list.querySelectorAll('[data-village]'), function (old) { old.remove(); });
        names.forEach(function (name) {
          var option = document.createElement('option');
          option.value = name + ', ' + around;
          option.dataset.village = '1';
          list.append(option);
        });
      }).catch(function () {});
  }
  function listen() {
    if (!form) return;
    form.addEventListener('input', keep);
    form.addEventListener('change', keep);
    form.addEventListener('submit', send);
    form.elements.place.addEventListener('change', offer);
    var position = document.getElementById('position');
    if (navigator.geolocation && window.isSecureContext) {
      var button = position.querySelector('[type=button]');
      button.hidden = false;
      button.addEventListener('click', function () { locate(button, position.querySelector('span')); });
    }
  }

  // Whoever comes back to the page as it was left may write and send again.
  window.addEventListener('pageshow', function (event) { if (event.persisted) sending = ended = false; });
  window.addEventListener('online', function () { if (waiting) send(); });
  listen();
  store('readonly', function (drafts) { return drafts.get('report'); }).then(function (draft) {
    if (!draft) return;
    if (Date.now() - draft.at > WEEK) forget();
    else if (!form.elements.text.value) bring(draft);
  });
})();
