// Asks the device for a passkey, as the form says in `data-asked` (with a `user`: for a new one), and sends its answer
// with the form. Without this script the form of the password remains.
'use strict';
(function () {
  var form = document.getElementById('passkey');
  if (!form || !window.PublicKeyCredential) return;
  var asked = JSON.parse(form.dataset.asked);
  var failed = form.querySelector('[role=alert]');

  function bytes(text) {
    var plain = atob(text.replace(/-/g, '+').replace(/_/g, '/'));
    return Uint8Array.from(plain, function (char) { return char.charCodeAt(0); });
  }

  function text(buffer) {
    var plain = '';
    new Uint8Array(buffer).forEach(function (byte) { plain += String.fromCharCode(byte); });
    return btoa(plain).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
  }

  function named(list) {
    return (list || []).map(function (one) { return Object.assign({}, one, { id: bytes(one.id) }); });
  }

  function value(name) {
    return form.elements[name] ? form.elements[name].value.trim() : '';
  }

  function ask() {
    var options = Object.assign({}, asked, { challenge: bytes(asked.challenge) });
    if (!asked.user) {
      options.allowCredentials = named(asked.allowCredentials);
      return navigator.credentials.get({ publicKey: options });
    }
    options.excludeCredentials = named(asked.excludeCredentials);
    options.user = {
      id: bytes(asked.user.id),
      name: value('nama') || asked.user.name,
      displayName: value('pemilik') || asked.user.displayName,
    };
    return navigator.credentials.create({ publicKey: options });
  }

  function answer(made) {
    var response = {};
    ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle'].forEach(function (part) {
      if (made.response[part]) response[part] = text(made.response[part]);
    });
    return { id: made.id, rawId: text(made.rawId), type: made.type, response: response, clientExtensionResults: {} };
  }

  form.addEventListener('submit', function (event) {
    event.preventDefault();
    failed.hidden = true;
    ask().then(function (made) {
      form.elements.jawaban.value = JSON.stringify(answer(made));
      form.submit();
    }).catch(function () {
      failed.textContent = form.dataset.failed;
      failed.hidden = false;
    });
  });
}());
