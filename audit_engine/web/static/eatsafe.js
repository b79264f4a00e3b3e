/* At the table: a press is sent at once; without a network it is kept on this phone alone and sent later.
   table-worker.js lets the page be opened again without a network. */
(() => {
  'use strict';
  const AGAIN = 10000, SIGNED_OUT = 30000;
  const form = document.querySelector('form[data-ticks]');
  const status = document.getElementById('ticks-status');
  if (!form || !status || 'finished' in form.dataset) return;

  const place = `ticks:${form.dataset.ticks}`, savedPlace = `saved:${form.dataset.ticks}`;
  const rows = new Map([...form.querySelectorAll('[data-item]')].map((row) => [row.dataset.item, row]));
  let sending = false, stopped = false, timer;

  const read = (where) => {
    try { return JSON.parse(localStorage.getItem(where)) || {}; } catch { return {}; }
  };
  function write(where, ticks) {
    try {
      if (Object.keys(ticks).length) localStorage.setItem(where, JSON.stringify(ticks));
      else localStorage.removeItem(where);
      return true;
    } catch { return false; }
  }
  const kept = () => read(place);
  const keep = (ticks) => write(place, ticks);

  const versionOf = (item) => form.elements[`${item}-version`];
  const some = (n) => (n === 1 ? '1 answer' : `${n} answers`);

  function say(kind, text, ...more) {
    status.hidden = false;
    status.className = `saved-status saved-status--${kind}`;
    status.replaceChildren(text, ...more);
  }

  function notSaved(why, ...more) {
    const waiting = Object.keys(kept()).length;
    say('no', `Not saved yet. ${some(waiting)} kept on this phone. ${why} `, ...more);
  }

  function show(item, value) {
    const row = rows.get(item);
    let no = false;
    for (const button of row.querySelectorAll('button[name=tick]')) {
      const pressed = button.value === `${item}=${value}`;
      button.setAttribute('aria-pressed', pressed);
      no = no || (pressed && 'no' in button.dataset);
    }
    const today = row.querySelector('.tick__today');
    if (today) today.hidden = !no;
    const left = [...rows.values()].filter((r) => !r.querySelector('[aria-pressed=true]')).length;
    document.getElementById('left').textContent =
      left ? `${left} of ${rows.size} still to see.` : `All ${rows.size} are answered.`;
  }

  function press(item, value) {
    const ticks = kept();
    ticks[item] = {value, version: ticks[item] ? ticks[item].version : versionOf(item).value};
    show(item, value);
    if (!keep(ticks)) return false;
    send();
    return true;
  }

  function later(wait) {
    clearTimeout(timer);
    if (!stopped) timer = setTimeout(send, wait);
  }

  async function send() {
    const ticks = kept();
    if (sending || stopped || !Object.keys(ticks).length) return;
    sending = true;
    let wait = AGAIN;
    try {
      const body = new URLSearchParams();
      for (const [item, {value, version}] of Object.entries(ticks)) {
        body.append(item, value);
        body.append(`${item}-version`, version);
      }
      const reply = await fetch(form.action, {
        method: 'POST', body, redirect: 'manual',
        headers: {'X-CSRFToken': form.elements.csrf_token.value, 'Accept': 'application/json'},
      });
      wait = await understand(reply, ticks);
    } catch {
      notSaved('There is no connection. They are sent when it is back: keep this page open.');
    }
    sending = false;
    if (Object.keys(kept()).length) later(wait);
  }

  async function understand(reply, sent) {
    if (reply.type === 'opaqueredirect' || reply.status === 401) return signedOut();
    if (reply.status === 400) return await renewed() ? 0 : signedOut();
    const answer = (reply.headers.get('Content-Type') || '').includes('json') ? await reply.json() : {};
    if (!reply.ok) {
      stopped = [403, 404, 409, 413].includes(reply.status);
      notSaved(answer.message || (stopped ? 'Go back to all sections and open this page again.' :
        'The service has a problem. They are sent again: keep this page open.'));
      return AGAIN;
    }
    taken(answer, sent);
    return 0;
  }

  function taken({saved, at, stored = {}, clashes = {}}, sent) {
    const ticks = kept();
    const known = read(savedPlace);
    for (const [item, answer] of Object.entries(stored)) known[item] = {...answer, at};
    write(savedPlace, known);
    keepPage();
    for (const [item, {value, version}] of Object.entries(stored)) {
      versionOf(item).value = version;
      if (!ticks[item]) continue;
      if (ticks[item].value === sent[item].value) {
        delete ticks[item];
        show(item, value);
      } else ticks[item].version = version;  // pressed again while it was on its way
    }
    keep(ticks);
    const [clash] = Object.entries(clashes);
    if (clash) say('no', `${clash[1].who} chose something else at ${clash[1].at}. It is shown now; press again if yours should stay.`);
    else if (!Object.keys(ticks).length) say('yes', `Saved ${saved}`);
  }

  function signedOut() {
    const link = Object.assign(document.createElement('a'), {className: 'govuk-link', textContent: 'Ask for a new link'});
    Object.assign(link, {href: form.dataset.signIn, target: '_blank'});
    notSaved('You have been signed out.', link, ', then come back here.');
    return SIGNED_OUT;
  }

  async function renewed() {
    const page = await fetch(location.href, {redirect: 'manual'});
    if (!page.ok) return false;
    const fresh = new DOMParser().parseFromString(await page.text(), 'text/html').querySelector('form[data-ticks] [name=csrf_token]');
    const old = form.elements.csrf_token;
    if (!fresh || fresh.value === old.value) return false;
    old.value = fresh.value;
    return true;
  }

  form.addEventListener('submit', (event) => {
    const button = event.submitter;
    if (!button || button.name !== 'tick') return;
    const at = button.value.indexOf('=');
    if (press(button.value.slice(0, at), button.value.slice(at + 1))) event.preventDefault();
  });

  // Nothing stays on the phone after signing out: what is left is sent first, or given up knowingly.
  document.querySelectorAll('form').forEach((other) => {
    if (other === form || !other.action.endsWith('/sign-out')) return;
    let warned = false;
    other.addEventListener('submit', (event) => {
      const waiting = Object.keys(kept()).length;
      if (waiting && !warned) {
        event.preventDefault();
        warned = true;
        notSaved('If you sign out now they are lost. Press “Sign out” again to do so.');
        return;
      }
      stopped = true;
      keep({});
      write(savedPlace, {});
    });
  });

  // A page that was kept without a network is older than what was saved since; a page that is newer knows it all.
  function catchUp() {
    const since = Object.entries(read(savedPlace)).filter(([item, {at}]) => rows.has(item) && at > Number(form.dataset.made));
    for (const [item, {value, version}] of since) {
      versionOf(item).value = version;
      show(item, value);
    }
    write(savedPlace, Object.fromEntries(since));
  }

  function keepPage() {
    if (navigator.serviceWorker && navigator.serviceWorker.controller) navigator.serviceWorker.controller.postMessage('keep');
  }

  async function openAgain() {
    if (!navigator.serviceWorker) return;
    try {
      await navigator.serviceWorker.register(form.dataset.worker, {scope: location.pathname});
      (await navigator.serviceWorker.ready).active.postMessage('keep');
      document.getElementById('opens-again').hidden = false;
    } catch { /* It is opened with a network only, as before. */ }
  }

  document.getElementById('kept').hidden = false;
  catchUp();
  for (const [item, {value}] of Object.entries(kept())) if (rows.has(item)) show(item, value);
  if (Object.keys(kept()).length) {
    notSaved('They are being sent.');
    send();
  }
  openAgain();
  function offline() {
    if (Object.keys(kept()).length) notSaved('There is no connection. They are sent when it is back.');
    else say('no', 'There is no connection. Go on: what you press is kept on this phone and sent later.');
  }
  if (!navigator.onLine) offline();
  addEventListener('offline', offline);
  addEventListener('online', () => { if (Object.keys(kept()).length) send(); else status.hidden = true; });
  addEventListener('focus', send);
  addEventListener('visibilitychange', () => { if (!document.hidden) send(); });
})();
