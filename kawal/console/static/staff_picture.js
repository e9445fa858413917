// Rectangles are drawn on the picture; the form's numbers say the same and work without this.
'use strict';
(function () {
  var picture = document.getElementById('canvas'), form = document.getElementById('picture');
  if (!picture || !form || !window.PointerEvent) return;
  var canvas = picture.parentNode, from = null, drawn = null;
  document.getElementById('drawing').hidden = false;
  function row(number) {
    var found = ['x', 'y', 'w', 'h'].map(function (name) { return form.elements[name + number]; });
    return found[0] ? found : null;
  }
  function scale() { return picture.naturalWidth / picture.clientWidth; }
  function place(event) {
    var edge = picture.getBoundingClientRect();
    return {
      x: Math.min(Math.max(event.clientX - edge.left, 0), edge.width),
      y: Math.min(Math.max(event.clientY - edge.top, 0), edge.height)
    };
  }
  function between(one, other) {
    return [Math.min(one.x, other.x), Math.min(one.y, other.y), Math.abs(one.x - other.x), Math.abs(one.y - other.y)];
  }
  function lay(box, area) {
    ['left', 'top', 'width', 'height'].forEach(function (side, n) { box.style[side] = area[n] + 'px'; });
  }
  function show() {
    canvas.querySelectorAll('.area').forEach(function (one) { one.remove(); });
    for (var number = 0, fields; (fields = row(number)); number++) {
      var area = fields.map(function (one) { return Number(one.value) / scale(); });
      if (!area[2] || !area[3]) continue;
      var box = document.createElement('span');
      box.className = 'area';
      canvas.append(box);
      lay(box, area);
    }
  }
  picture.addEventListener('pointerdown', function (event) {
    from = place(event);
    drawn = document.createElement('span');
    drawn.className = 'area';
    canvas.append(drawn);
    picture.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  picture.addEventListener('pointermove', function (event) { if (from) lay(drawn, between(from, place(event))); });
  picture.addEventListener('pointerup', function (event) {
    if (!from) return;
    var area = between(from, place(event)), number = 0;
    from = null;
    drawn.remove();
    if (area[2] < 4 || area[3] < 4) return;
    while (row(number) && row(number)[2].value) number++;
    var fields = row(number);
    if (!fields) return;
    fields.forEach(function (one, n) { one.value = String(Math.round(area[n] * scale())); });
    show();
  });
  form.addEventListener('input', show);
  if (picture.complete) show(); else picture.addEventListener('load', show);
}());
