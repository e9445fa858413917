// What tests/system/pages/wcag.py asks of a page, for one that runs no script of its own for it.
(() => {
  const CONTROLS = 'a[href], button, input:not([type=hidden]), select, textarea, summary';

  function seen(one) {
    const box = one.getBoundingClientRect();
    // What a closed <details> holds has a box, and is not shown.
    return box.width > 0 && box.height > 0 && one.checkVisibility({visibilityProperty: true}) && !one.closest('[hidden]');
  }
  function named(one) {
    const id = one.id ? '#' + one.id : '';
    const name = one.getAttribute('name') ? '[name=' + one.getAttribute('name') + ']' : '';
    return one.tagName.toLowerCase() + id + name + ' "' + (one.innerText || '').trim().slice(0, 40) + '"';
  }
  // The label that is seen; in a table it may be the heading of the row.
  function labelOf(one) {
    const heading = document.getElementById(one.getAttribute('aria-labelledby'));
    return one.labels && one.labels.length ? one.labels[0] : heading && seen(heading) ? heading : null;
  }
  function controls() {
    return [...document.querySelectorAll(CONTROLS)].filter(one => !one.disabled && one.tabIndex >= 0 && seen(one));
  }
  // A link within a sentence: its block has words of its own beside it.
  function inSentence(link) {
    const block = link.closest('p, li, dd, td');
    if (link.tagName !== 'A' || !block || getComputedStyle(link).display !== 'inline') return false;
    return block.innerText.trim().length > link.innerText.trim().length + 1;
  }
  function target(one) {
    const label = one.labels && one.labels.length && /^(checkbox|radio)$/.test(one.type) ? one.labels[0] : null;
    return (label || one).getBoundingClientRect();
  }
  function rgb(colour) {
    const parts = colour.match(/[\d.]+/g).map(Number);
    return parts.length > 3 && parts[3] === 0 ? null : parts.slice(0, 3);
  }
  function light(colour) {
    const [r, g, b] = colour.map(part => part / 255).map(x => x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  }
  function contrast(one, other) {
    const [more, less] = [light(one), light(other)].sort((a, b) => b - a);
    return (more + 0.05) / (less + 0.05);
  }
  function ground(one) {
    for (let each = one.parentElement; each; each = each.parentElement) {
      const found = rgb(getComputedStyle(each).backgroundColor);
      if (found) return found;
    }
    return [255, 255, 255];
  }
  // Each piece of text on the page with the rectangles of its lines.
  function lines() {
    const found = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode;
      const parent = node.parentElement;
      if (!node.data.trim() || !seen(parent) || parent.closest('.unseen, .skip, option, script, template')) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      for (const box of range.getClientRects()) {
        if (box.width > 1 && box.height > 1) found.push({box, parent, node, text: node.data.trim().slice(0, 40)});
      }
    }
    return found;
  }

  window.wcag = {
    outline() {
      const levels = [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].filter(seen);
      const found = levels.filter((one, place) => {
        const before = place ? Number(levels[place - 1].tagName[1]) : 0;
        return Number(one.tagName[1]) > before + 1;
      }).map(one => named(one) + ' skips a level');
      const first = levels.filter(one => one.tagName === 'H1').length;
      return first === 1 ? found : found.concat([first + ' headings of the first level']);
    },
    languages(lang) {
      const found = [];
      if (document.documentElement.lang !== lang) found.push('the page says ' + document.documentElement.lang);
      const other = document.querySelector('footer a[hreflang], footer button[lang]');
      if (!other || other.lang !== (other.hreflang || other.lang) || other.lang === lang) {
        found.push('the way to the other language does not say which it is in');
      }
      return found;
    },
    orderedByHand() { return [...document.querySelectorAll('[tabindex]')].filter(one => one.tabIndex > 0).map(named); },
    smallTargets() {
      return controls().filter(one => !one.matches('.skip') && !inSentence(one)).filter(one => {
        const box = target(one);
        return box.width < 24 || box.height < 24;
      }).map(named);
    },
    // Of radio buttons that belong together Tab reaches one; the arrow keys reach the others.
    reachable() {
      const groups = new Set();
      return controls().filter(one => {
        if (one.type !== 'radio') return true;
        const group = one.form + '\u0000' + one.name;
        return !groups.has(group) && groups.add(group);
      }).map(named);
    },
    // What has the focus, whether that shows, and whether something lies over it.
    focused(forced) {
      const one = document.activeElement;
      if (!one || one === document.body || one === document.documentElement) return null;
      const box = one.getBoundingClientRect();
      const style = getComputedStyle(one);
      const found = [];
      const drawn = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
      if (!drawn) found.push('focus does not show');
      else if (!forced && contrast(rgb(style.outlineColor) || [0, 0, 0], ground(one)) < 3) found.push('focus is too faint');
      const x = Math.min(Math.max(box.left + box.width / 2, 0), innerWidth - 1);
      const y = Math.min(Math.max(box.top + Math.min(box.height, 40) / 2, 0), innerHeight - 1);
      const above = document.elementFromPoint(x, y);
      if (!above || !(one.contains(above) || above.contains(one))) found.push('focus is hidden');
      // A date has a place for the focus in each of its parts.
      return {name: named(one), divided: one.matches('[type=date]'), top: box.top + scrollY, bottom: box.bottom + scrollY, left: box.left, found};
    },
    faultsWithoutField() {
      const found = [];
      for (const one of document.querySelectorAll('[aria-describedby]')) {
        for (const id of one.getAttribute('aria-describedby').split(/\s+/)) {
          const text = document.getElementById(id);
          if (!text || !text.textContent.trim()) found.push(named(one) + ' is described by nothing: ' + id);
        }
      }
      for (const one of document.querySelectorAll('form .fault')) {
        const field = document.querySelector('[aria-describedby~="' + one.id + '"][aria-invalid=true]');
        if (!one.id || !field) found.push(named(one) + ' belongs to no field');
      }
      for (const one of document.querySelectorAll('[aria-invalid=true]')) {
        if (!document.querySelector('[role=alert]')) found.push(named(one) + ' is not announced');
      }
      return found;
    },
    silentMessages() {
      const told = '#progress, #photo-list, #position span, .notice, .site-message';
      return [...document.querySelectorAll(told)]
        .filter(one => !one.closest('[role=status], [role=alert]')).map(named);
    },
    wide() {
      const width = document.documentElement.clientWidth;
      const found = [...document.querySelectorAll('body *')].filter(seen)
        .filter(one => !one.matches('.skip, .unseen') && !one.closest('.scroll, svg'))
        .filter(one => one.getBoundingClientRect().right > width + 1).map(named);
      if (document.scrollingElement.scrollWidth > width + 1) found.push('the page scrolls sideways');
      return found;
    },
    // Text that lies over other text, that its box cuts off, or whose letters stand below each other.
    spoiltText() {
      const all = lines();
      const found = [];
      for (let i = 0; i < all.length; i++) {
        for (let j = i + 1; j < all.length; j++) {
          const [a, b] = [all[i].box, all[j].box];
          const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
          const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
          if (across > 2 && down > Math.min(a.height, b.height) / 2) found.push(all[i].text + ' / ' + all[j].text);
        }
      }
      for (const node of new Set(all.map(one => one.node))) {
        const text = node.data.trim();
        if (all.filter(one => one.node === node).length > Math.max(4, text.length / 3)) found.push(text + ' stands on end');
      }
      for (const one of document.querySelectorAll('body *')) {
        const style = getComputedStyle(one);
        const cuts = /hidden|clip/.test(style.overflowX + style.overflowY) && !one.closest('svg, .unseen, textarea, input');
        if (cuts && seen(one) && (one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1)) {
          found.push(named(one) + ' is cut off');
        }
      }
      return found;
    },
    enlarge(percent) {
      const root = document.documentElement;
      root.style.fontSize = percent ? parseFloat(getComputedStyle(root).fontSize) * percent / 100 + 'px' : '';
    },
    space(on) {
      const style = {lineHeight: '1.5', letterSpacing: '0.12em', wordSpacing: '0.16em'};
      for (const one of document.querySelectorAll('body *')) {
        for (const name of Object.keys(style)) one.style[name] = on ? style[name] : '';
      }
    },
    // Without the page's own colours everything to press or fill has an edge.
    edgeless() {
      return controls().filter(one => one.matches('button, .button, input:not([type=checkbox]):not([type=radio]), textarea, select'))
        .filter(one => {
          const style = getComputedStyle(one);
          return style.borderTopStyle === 'none' || parseFloat(style.borderTopWidth) < 1;
        }).map(named);
    },
    onlyColoured() {
      const links = [...document.querySelectorAll('main a[href]:not(.button), footer a[href]')].filter(seen)
        .filter(one => !getComputedStyle(one).textDecorationLine.includes('underline')).map(one => named(one) + ' has no line');
      const faults = [...document.querySelectorAll('.fault')]
        .filter(one => !/[^"\s]/.test(getComputedStyle(one, '::before').content.replace('none', '')))
        .map(one => named(one) + ' has no sign');
      return links.concat(faults);
    },
    moving() {
      const running = document.getAnimations().length ? ['something moves'] : [];
      return running.concat([...document.querySelectorAll('*')].filter(one => {
        const style = getComputedStyle(one);
        return style.scrollBehavior === 'smooth' || parseFloat(style.transitionDuration) > 0 || style.animationName !== 'none';
      }).map(named));
    },
    leaving() { return [...document.querySelectorAll('meta[http-equiv=refresh i]')].map(one => one.content); },
    unpastable() {
      return controls().filter(one => one.matches('input, textarea')).filter(one => {
        const pasting = new ClipboardEvent('paste', {bubbles: true, cancelable: true});
        return !one.dispatchEvent(pasting);
      }).map(named);
    },
    byOtherMeans() {
      const wanted = '[accesskey], [draggable=true], [title]:not(svg *), [onclick], [role=button]:not(button), [contenteditable]';
      return [...document.querySelectorAll(wanted)].map(named);
    },
    // Each control whose visible words are not all it is called by: `marks` numbers it, for the browser to be asked.
    labelled() {
      return controls().map((one, place) => {
        const label = (labelOf(one) || one).innerText;
        one.setAttribute('data-asked', place);
        return (label || '').replace(/\s+/g, ' ').trim();
      });
    },
    unlabelled() {
      return controls().filter(one => one.matches('input:not([type=image]), textarea, select') && !labelOf(one)).map(named);
    },
    // The sentences in paragraphs and lists; words that end without a point are labels.
    sentences() {
      const texts = [...document.querySelectorAll('main p, main li, main dd')].filter(seen)
        .filter(one => !one.querySelector('p, li, select')).map(one => one.innerText.replace(/\s+/g, ' ').trim());
      return texts.flatMap(text => text.split(/(?<=[.?!:;])\s+/)).filter(one => /[.?!:;]$/.test(one));
    },
    help() { return [...document.querySelectorAll('header nav a')].map(one => one.getAttribute('href')); },
    askedTwice() {
      return [...document.querySelectorAll('form')].flatMap(form => {
        const names = [...form.elements].filter(one => one.name && one.type !== 'hidden' && !/radio|checkbox/.test(one.type) &&
          one.tagName !== 'BUTTON').map(one => one.name);
        return names.filter((name, place) => names.indexOf(name) !== place);
      });
    },
  };
})();
