// Photos are made smaller where the browser can, and sent one by one; each is tried again until it is sent, once.
'use strict';
(function () {
  var form = document.getElementById('photos');
  if (!form || !window.fetch) return;
  var list = document.getElementById('photo-list');
  var words = list.dataset;
  var LONGEST = 1600, LARGE = 400 * 1024, TRIES = 5;
  var unsent = [];

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

  // A file with the line that tells of it; one that could not be sent waits for the button to be pressed again.
  function Chosen(file) {
    this.file = file;
    this.line = document.createElement('li');
    list.append(this.line);
    this.tell(words.sending);
  }
  Chosen.prototype.tell = function (text) { this.line.textContent = this.file.name + ': ' + text; };
  Chosen.prototype.fail = function () {
    this.tell(words.failed);
    unsent.push(this);
  };

  function send(one, content, tries) {
    if (content.size > words.most) return one.tell(words.large); // a server that is sent too much ends the connection
    var body = new FormData();
    body.append('formulir', form.elements.formulir.value);
    body.append('photo', content, one.file.name);
    one.tell(words.sending);
    return fetch(form.action, {method: 'POST', headers: {Accept: 'application/json'}, body: body}).then(
      function (answer) {
        if (answer.status === 201) return one.tell(words.sent);
        if (answer.status >= 500 || answer.status === 429 || answer.status === 408) throw new Error('again');
        return answer.json().then(
          function (told) { one.tell(told.refused[0].why); }, function () { one.fail(); });
      }
    ).catch(function () {
      if (tries >= TRIES) return one.fail();
      one.tell(words.again);
      return wait(Math.pow(2, tries)).then(function () { return send(one, content, tries + 1); });
    });
  }
  form.addEventListener('submit', function (event) {
    var chosen = Array.prototype.map.call(form.elements.photo.files, function (file) { return new Chosen(file); });
    event.preventDefault();
    form.elements.photo.value = '';
    unsent.splice(0).concat(chosen).reduce(function (before, one) {
      one.tell(words.sending);
      return before.then(function () {
        return smaller(one.file).then(function (content) { return send(one, content, 1); });
      });
    }, Promise.resolve());
  });
})();
