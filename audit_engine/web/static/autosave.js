/* Saves what is typed, after a pause or 10 seconds. Nothing is kept in the browser. */
(() => {
  'use strict';
  const PAUSE = 2000, LIMIT = 10000, SIGNED_OUT = 30000;
  const ELSEWHERE = 'You changed this in another tab or window';
  const form = document.querySelector('form[data-autosave]');
  const status = document.getElementById('saved-status');
  if (!form || !status) return;

  const dirty = new Map();    // question -> number of its latest change
  const held = new Map();     // in conflict: not sent until one is chosen -> whether the same person saved it
  const refused = new Set();  // with a box that cannot be saved
  let changes = 0, sending = false, leaving = false, stopped = false, pause, limit, afterwards;

  const itemOf = (element) => element.closest('.item,.area');
  const fieldsOf = (item) => [...item.querySelectorAll('input,textarea,select')]
    .filter((field) => field.name && itemOf(field) === item);
  const versionOf = (item) => item.querySelector(':scope > [name$="-version"],:scope > div > [name$="-version"]');
  const nameOf = (item) => versionOf(item).name.slice(0, -'-version'.length);
  const itemNamed = (name) => itemOf(form.elements[`${name}-version`]);
  const element = (tag, className, textContent) =>
    Object.assign(document.createElement(tag), {className, textContent});
  const isChoice = (field) => ['radio', 'checkbox'].includes(field.type);

  function say(kind, text, ...more) {
    status.hidden = false;
    status.className = `saved-status saved-status--${kind}`;
    status.replaceChildren(text, ...more);
  }

  const notSaved = (text, ...more) => say('no', `Not saved yet. ${text} `, ...more);

  function changed(item) {
    dirty.set(item, ++changes);
    refused.delete(item);
    if (!stopped) schedule(PAUSE);
  }

  function schedule(wait) {
    clearTimeout(pause);
    pause = setTimeout(send, wait);
    limit = limit || setTimeout(send, Math.max(wait, LIMIT));
  }

  function body(items) {
    const sent = new URLSearchParams();
    for (const field of items.flatMap(fieldsOf)) {
      if (!isChoice(field) || field.checked) sent.append(field.name, field.value);
    }
    return sent;
  }

  async function send(last) {
    clearTimeout(pause);
    clearTimeout(limit);
    limit = null;
    const sent = new Map([...dirty].filter(([item]) => !held.has(item)));
    if (sending || stopped || !sent.size) return;
    sending = true;
    let wait = LIMIT;
    try {
      const reply = await fetch(form.dataset.autosave, {
        method: 'POST', body: body([...sent.keys()]), redirect: 'manual', keepalive: last === true,
        headers: {'X-CSRFToken': form.elements.csrf_token.value, 'Accept': 'application/json'},
      });
      wait = await understand(reply, sent);
    } catch {
      notSaved('There is no connection. Keep this page open: we try again.');
    }
    sending = false;
    if (afterwards) return afterwards();
    if ([...dirty.keys()].some((item) => !held.has(item)) && !stopped && !leaving) schedule(wait);
  }

  async function understand(reply, sent) {
    if (reply.type === 'opaqueredirect' || reply.status === 401) return signedOut();
    if (reply.status === 400) return await renewed() ? 0 : signedOut();
    const answer = (reply.headers.get('Content-Type') || '').includes('json') ? await reply.json() : {};
    if (!reply.ok) {
      stopped = [403, 404, 409, 413].includes(reply.status);
      notSaved(stopped ? answer.message || 'Copy your text, then refresh this page.' :
        'The service has a problem. Keep this page open: we try again.');
      return LIMIT;
    }
    taken(answer, sent);
    return PAUSE;
  }

  function taken({saved, versions = {}, conflicts = {}, problems = {}}, sent) {
    for (const [item, number] of sent) {
      const name = nameOf(item);
      if (!(name in versions)) continue;
      versionOf(item).value = versions[name];
      if (dirty.get(item) === number) dirty.delete(item);
    }
    for (const [name, theirs] of Object.entries(conflicts)) showConflict(itemNamed(name), theirs);
    const sentences = showProblems(problems);
    if (held.size) notSaved(`${[...held.values()].every(Boolean) ? ELSEWHERE : 'Somebody else changed this too'}. Choose one of the two texts.`);
    else if (sentences.length) notSaved(sentences[0]);
    else if (!dirty.size && !refused.size && !Object.keys(problems).length) say('yes', `Saved ${saved}`);
  }

  function showProblems(problems) {
    const typing = document.activeElement.name || '';  // the rest of a date may still come
    const shown = Object.entries(problems).filter(([name]) => !typing.startsWith(`${name}-`));
    for (const [name] of shown) refused.add(itemOf(form.querySelector(`[name^="${CSS.escape(name)}"]`)));
    return shown.map(([, sentence]) => sentence);
  }

  function showConflict(item, theirs) {
    held.set(item, theirs.mine);
    const box = element('div', 'conflict', '');
    box.append(element('p', 'conflict__who', `${theirs.mine ? ELSEWHERE : `${theirs.who} saved this`} at ${theirs.at}:`));
    for (const field of theirs.fields) {
      if (field.text) box.append(element('p', 'conflict__label', field.label), element('blockquote', 'typed', field.text));
    }
    const decide = (words, mine) => {
      const button = element('button', 'govuk-button govuk-button--secondary', words);
      button.type = 'button';
      button.addEventListener('click', () => {
        box.remove();
        held.delete(item);
        versionOf(item).value = theirs.version;
        if (mine) return changed(item);
        theirs.fields.forEach((field) => fill(item, field));
        dirty.delete(item);
        say('yes', theirs.mine ? 'The saved answer is kept.' : 'Their answer is kept.');
      });
      return button;
    };
    const buttons = element('div', 'govuk-button-group', '');
    buttons.append(decide('Keep what I typed', true), decide(theirs.mine ? 'Use what was saved' : 'Use theirs', false));
    box.append(buttons);
    item.append(box);
  }

  function fill(item, {name, value}) {
    const values = [].concat(value);
    for (const field of fieldsOf(item).filter((f) => f.name === name)) {
      if (isChoice(field)) field.checked = values.includes(field.value);
      else field.value = values[0];
    }
  }

  function signedOut() {
    const link = element('a', 'govuk-link', 'Sign in again in a new tab');
    Object.assign(link, {href: form.dataset.signIn, target: '_blank'});
    notSaved('You have been signed out. Your text is still on this page.', link, ', then come back here.');
    return SIGNED_OUT;
  }

  async function renewed() {
    const page = await fetch(location.href, {redirect: 'manual'});
    if (!page.ok) return false;
    const fresh = new DOMParser().parseFromString(await page.text(), 'text/html').querySelector('[name=csrf_token]');
    const old = form.elements.csrf_token;
    if (!fresh || fresh.value === old.value) return false;
    return old.value = fresh.value;
  }

  function countWords(box) {
    const words = (box.value.match(/\S+/g) || '').length;
    if (!box.nextElementSibling) box.after(element('div', 'govuk-hint words', ''));
    box.nextElementSibling.textContent = words ? `Words: ${words}; about ${box.dataset.words} is enough` : '';
  }

  form.addEventListener('input', (event) => {
    const item = itemOf(event.target);
    if (event.target.dataset.words) countWords(event.target);
    if (item && event.target.name) changed(item);
  });
  form.addEventListener('submit', (event) => {
    leaving = true;
    if (!sending) return;
    event.preventDefault();  // two saves at once would look like two people
    afterwards = () => { afterwards = null; form.requestSubmit(event.submitter); };
  });
  document.addEventListener('click', (event) => {
    const link = event.target.closest('a[href]:not([target])');
    if (!link || link.hash || !dirty.size || stopped || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    afterwards = () => { afterwards = null; location.assign(link.href); };
    if (!sending) send();
    if (!sending) afterwards();
  });
  addEventListener('visibilitychange', () => { if (document.hidden) send(true); });
  addEventListener('focus', send);
  addEventListener('online', send);
  addEventListener('pageshow', () => { leaving = false; });
  addEventListener('beforeunload', (event) => {
    if (!leaving && (dirty.size || refused.size)) event.preventDefault();
  });
  form.querySelectorAll('[data-words]').forEach(countWords);
})();
