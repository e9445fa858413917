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
  var PATIENCE = 60, MOMENT = 1; // seconds for the network, and for the browser's own store
  var sending = false, waiting = false, keeping = false, again = false, ended = false, opened, pressed;

  // A network may neither answer nor fail, and some old browsers' stores never open: nobody waits for ever.
  function within(seconds, promised) {
    return new Promise(function (done, failed) {
      promised.then(done, failed);
      setTimeout(failed, seconds * 1000);
    });
  }

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
    return within(MOMENT, store('readwrite', function (drafts) {
      var found = drafts.get('report');
      found.onsuccess = function () { if (found.result && found.result.key === key) drafts.delete('report'); };
      return found;
    })).catch(function () {});
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
    if (draft.latitude) document.querySelector('#position span').textContent = words.located;
    var button = document.createElement('button');
    button.type = 'button';
    button.className = 'small';
    button.textContent = words.forget;
    button.addEventListener('click', function () { ended = true; forget().then(function () { location.assign('/lapor'); }); });
    progress.textContent = words.found + ' ';
    progress.append(button);
  }
  function say(text) { progress.textContent = text; }

  // A page that only says why something did not work has no place for what was typed: its sentence is said here.
  function show(html, key) {
    var shown = new DOMParser().parseFromString(html, 'text/html');
    if (!shown.querySelector('#report, #back')) {
      keep();
      var why = shown.querySelector('main p').textContent;
      say(why.indexOf(words.unsent) === 0 ? why : words.unsent + ': ' + why);
      return;
    }
    document.title = shown.title;
    ['main', 'footer'].forEach(function (part) {
      document.querySelector(part).replaceWith(shown.querySelector(part));
    });
    form = document.getElementById('report');
    progress = document.getElementById('progress');
    listen();
    if (form) keep();
    // Whoever supports another's report instead was told that what they typed is not kept.
    document.querySelectorAll('form[action$="/dukung"]').forEach(function (one) {
      one.addEventListener('submit', function (event) {
        event.preventDefault();
        forgetSent(key).then(function () { one.submit(); });
      });
    });
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
    var button = event && (event.submitter || pressed); // old browsers do not say which one it was
    if (button && button.hasAttribute('formaction')) return;
    if (event) event.preventDefault();
    if (sending) return;
    var key = form.elements.key.value;
    sending = true;
    waiting = false;
    say(words.sending);
    within(PATIENCE, fetch(form.action, {
      method: 'POST',
      headers: {Accept: 'application/json, text/html'},
      body: new URLSearchParams(new FormData(form))
    }).then(function (answer) {
      return answer.text().then(function (body) { return {status: answer.status, body: body}; });
    })).then(function (answer) {
      if (answer.status === 201) {
        return forgetSent(key).then(function () { location.assign(JSON.parse(answer.body).location); });
      }
      sending = false;
      show(answer.body, key);
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

  document.addEventListener('click', function (event) { pressed = event.target.closest('button'); });
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
