// Photos are made smaller where the browser can, and sent one by one; each is tried again until it is sent, once.
'use strict';
(function () {
  var form = document.getElementById('photos');
  if (!form || !window.fetch) return;
  var list = document.getElementById('photo-list');
  var words = list.dataset;
  var LONGEST = 1600, LARGE = 400 * 1024, TRIES = 5;

  function smaller(file) {
    if (!window.createImageBitmap || file.size < LARGE || !/^image\/(jpeg|png|webp)$/.test(file.type)) {
      return Promise.resolve(file);
    }
    return createImageBitmap(file, {imageOrientation: 'from-image'}).then(function (picture) {
      var scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
      var canvas = document.createElement('canvas');
      canvas.width = Math.round(picture.width * scale);
      canvas.height = Math.round(picture.height * scale);
      canvas.getContext('2d').drawImage(picture, 0, 0, canvas.width, canvas.height);
      return new Promise(function (done) { canvas.toBlob(done, 'image/jpeg', 0.85); });
    }).then(function (made) { return made && made.size < file.size ? made : file; }, function () { return file; });
  }
  function wait(seconds) { return new Promise(function (done) { setTimeout(done, seconds * 1000); }); }

  function send(content, name, told, tries) {
    var body = new FormData();
    body.append('formulir', form.elements.formulir.value);
    body.append('photo', content, name);
    told(words.sending);
    return fetch(form.action, {method: 'POST', headers: {Accept: 'application/json'}, body: body}).then(
      function (answer) {
        if (answer.status === 201) return told(words.sent);
        if (answer.status >= 500 || answer.status === 429) throw new Error('again');
        return answer.json().then(
          function (one) { told(one.refused[0].why); }, function () { told(words.failed); });
      }
    ).catch(function () {
      if (tries >= TRIES) return told(words.failed);
      told(words.again);
      return wait(Math.pow(2, tries)).then(function () { return send(content, name, told, tries + 1); });
    });
  }
  form.addEventListener('submit', function (event) {
    var files = Array.prototype.slice.call(form.elements.photo.files);
    event.preventDefault();
    form.elements.photo.value = '';
    files.reduce(function (before, file) {
      var line = document.createElement('li');
      function told(text) { line.textContent = file.name + ': ' + text; }
      list.append(line);
      told(words.sending);
      return before.then(function () {
        return smaller(file).then(function (content) { return send(content, file.name, told, 1); });
      });
    }, Promise.resolve());
  });
})();
